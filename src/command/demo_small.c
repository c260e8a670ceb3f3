/* The small demo, written by hand: every state that a page can show stands here at least once. Which
 * state a line is there for is told at its end. */
#include <stdio.h>
#include <string.h>

#include "command/demo.h"

/* Users: "STATE ROLE CHILD First|Last [e-mail]" separated by ";": state as enum demo_user_state, role a or s, child
 * role n, s or a. Contracts and sources as in struct demo_tenant. Flags: C complete, S suspended, D deleted,
 * B busy. Resellers follow their distributor, customers their reseller; names need no order. */
struct line {
	enum tier tier;
	const char *name, *domain;
	int created;
	const char *users, *contracts, *sources, *flags;
};

#define D TIER_DISTRIBUTOR
#define R TIER_RESELLER
#define C TIER_CUSTOMER

static const struct line northwind[] = {
	{ D, "Northwind Distribution", "northwind.example", 900,
		"Aaa Dana|Whitfield distributor-admin@demo.example;Ass Sam|Ortiz distributor-sales@demo.example;"
		"Aan Priya|Banerjee;Psn Noah|Fischer;Xaa Kim|Walsh", "eea", "s", "CB" },

	/* The reseller of reseller-admin: its own onboarding is not finished (2/3). */
	{ R, "Bluepeak Cloud GmbH", "bluepeak-cloud.example", 70,
		"Aaa Rita|Okafor reseller-admin@demo.example;Ass Emil|Haas reseller-sales@demo.example;"
		"Cas Tomás|Novák;Esn Uma|Patel", "d", "", "" },
	{ C, "Brightwater Utilities", "brightwater.example", 420, /* the customer of customer-admin: 4/5 */
		"Aan Jonas|Petersen customer-admin@demo.example;Asn Ida|Berg", "eeea", "Fn", "B" },
	{ C, "Aster & Sons", "aster-sons.example", 12, "Pan Ann|Lee", "d", "", "" }, /* admin pending, 1/5 */
	{ C, "“Delta”, Inc. <West>", "delta-west.example", 300, "Aan María José|Álvarez", "a", "ss", "CB" },
	{ C, "株式会社サンプル", "sample-kk.example", 25, "Aan 花子|佐藤", "s", "w", "" }, /* scheduled alone */
	{ C, "Harbor Logistics", "harbor-logistics.example", 3, "", "", "", "" }, /* nothing yet: 0/5 */
	{ C, "Ridgeline Robotics", "ridgeline-robotics.example", 21, "Ean Otto|Brandt", "", "", "" }, /* expired invitation */
	{ C, "Fernhill Clinics", "fernhill-clinics.example", 18, "Can Nora|Quinn", "", "", "" }, /* cancelled: nobody */
	{ C, "=SUM(A1:A9) Analytics", "sum-analytics.example", 200, "Aan Ada|Baker", "a", "s", "C" }, /* leading = */
	{ C, "+Plus Energy", "plus-energy.example", 210, "Aan Sven|Larsen", "ea", "t", "C" }, /* stale by age */
	{ C, "-Minus- Records", "minus-records.example", 220, "Aan Clara|Meyer", "ua", "s", "C" }, /* superseded */
	{ C, "@home Automation", "at-home.example", 230, "Aan Felix|Vogel", "c", "sx", "C" }, /* cancelled contract */
	{ C, "O'Neill \"Quoted\" Traders, Ltd", "oneill-traders.example", 240, "Aan Liam|O'Neill", "eeeuacds", "sfw", "CB" },
	{ C, "شركة النور", "alnoor.example", 330, "Aan ليلى|حسن", "a", "s", "C" }, /* right to left */
	{ C, "Zażółć Gęślą Jaźń S.A.", "zazolc.example", 150, "Aan Łukasz|Żuraw", "a", "r", "C" }, /* a run on its way */
	{ C, "Wound-up Widgets", "wound-up-widgets.example", 410, "Dan Per|Olsen", "e", "x", "CD" }, /* deleted */

	{ R, "Cumulus Partners", "cumulus.example", 700,
		"Aaa Per|Lindqvist;Aas Ingrid|Lind;Aan Magnus|Ek;Psn Saga|Dahl", "ea", "", "C" }, /* several admins */
	{ C, "Glacier Foods", "glacier-foods.example", 380, "Aan Ida|Berg;Aan Nils|Holm;Pan Karin|Nyström", "as", "sss", "C" },
	{ C, "Dozen Contracts Holding", "dozen.example", 690, "Aan Vera|Kovács", "eeeeuucuacdd", "s", "C" }, /* 12 contracts */
	{ C, "Three Rivers Shipping", "three-rivers.example", 640, "Aan Marco|Bianchi", "ead", "s", "C" }, /* 3 contracts */
	{ C, "Four Corners Mining", "four-corners.example", 630, "Aan Grace|Adeyemi", "euad", "sw", "C" }, /* 4 contracts */
	{ C, "Larkspur Dairy", "larkspur-dairy.example", 600, "Aan Hannah|Weber", "ee", "s", "C" }, /* only expired */
	{ C, "Moonfield Studios", "moonfield-studios.example", 90, "Aan Yuki|Tanaka", "a", "n", "" }, /* 4/5, no run yet */
	{ C, "Maple Lane Schools", "maple-lane.example", 60, "Aan Emma|Carter", "a", "", "" }, /* 3/5 */
	{ C, "Quarry Stone Works", "quarry-stone.example", 40, "Aan Hugo|Moreau", "", "", "" }, /* 2/5 */
	{ C, "Saffron Kitchens", "saffron-kitchens.example", 33, "Pan Leila|Ibrahim", "s", "n", "" }, /* 3/5 with gaps */
	{ C, "Orchard & Vine <Wines>", "orchard-vine.example", 310, "Xan Old|Admin", "a", "f", "C" }, /* its admin left */
	{ C, "Tidewater Marine", "tidewater-marine.example", 320, "Aan Anders|Sørensen", "a", "F", "" }, /* never a success */

	{ R, "Ostwind Systemhaus AG", "ostwind.example", 540, "Aaa Jürgen|Müller", "a", "", "CS" }, /* suspended reseller */
	{ C, "Ährenfeld Bäckereien", "aehrenfeld.example", 500, "Aan Jörg|Schäfer", "a", "s", "C" },
	{ C, "Elbe Freight", "elbe-freight.example", 480, "Aan Petra|Lehmann", "a", "t", "C" },
	{ C, "Spree Instruments", "spree-instruments.example", 10, "", "d", "", "" },
	{ C, "ÅÄÖ Möbler", "aao-mobler.example", 470, "Aan Åsa|Öberg", "e", "f", "C" },

	{ R, "Nimbus & Söhne", "nimbus-soehne.example", 2, "", "", "", "" }, /* 0/3, without customers */

	{ R, "Zephyr Cloud Brokers", "zephyr-brokers.example", 30, "Paa Zoë|Abbott", "", "", "" }, /* 1/3, pending */
	{ C, "Café Âge d’Or", "cafe-agedor.example", 20, "Pan Chloé|Dubois", "", "", "" },
	{ C, "Piñata Games", "pinata-games.example", 22, "Aan Lucía|Vásquez", "d", "", "" },
	{ C, "Ωmega Optics", "omega-optics.example", 24, "Aan Νίκος|Παππάς", "a", "n", "" },
	{ C, "Вектор Софт", "vektor-soft.example", 26, "Aan Ольга|Иванова", "a", "w", "" },

	{ R, "クラウドパートナー株式会社", "cloud-partner-jp.example", 400, "Aaa 健太|田中", "a", "", "C" },
	{ C, "東京ロジスティクス", "tokyo-logistics.example", 390, "Aan 美咲|鈴木", "a", "ss", "C" },
	{ C, "さくら食品", "sakura-foods.example", 370, "Aan 翔|高橋", "ea", "w", "C" },
	{ C, "北京云数据有限公司", "beijing-data.example", 350, "Aan 伟|王", "a", "s", "C" },
	{ C, "한빛 소프트", "hanbit-soft.example", 340, "Aan 지훈|김", "s", "n", "" },
	{ C, "กรุงเทพ เทรดดิ้ง", "bangkok-trading.example", 28, "Pan มาลี|ใจดี", "d", "", "" },

	{ R, "شركة السحاب", "alsahab.example", 450, "Aaa عمر|خالد", "a", "", "C" },
	{ C, "مؤسسة الأمل التجارية", "alamal.example", 440, "Aan فاطمة|علي", "a", "s", "C" },
	{ C, "חברת הדוגמה", "hadugma.example", 430, "Aan נועה|כהן", "a", "f", "C" },
	{ C, "Ali Baba (علي بابا) Trading", "ali-baba.example", 35, "Aan Ali|Hassan", "a", "", "" }, /* mixed directions */

	{ R, "Evergreen Managed IT", "evergreen-it.example", 800, "Aaa Grace|Hughes;Ass Ben|Fraser", "eeu" "a", "s", "C" },
	{ C, "Cafe\xCC\x81 Re\xCC\x81sume\xCC\x81", "cafe-resume.example", 290, "Aan Andre\xCC\x81|Lambert", "a", "s",
		"C" }, /* combining marks */
	{ C, "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Railway Station Buffet, Gift Shop, Ticket "
		"Collectors’ Mutual Benevolent Society and Museum of Very Long Names of the Welsh Coast, Limited Co.",
		"llanfair.example", 280, "Aan Gwen|Griffiths", "a", "s", "C" }, /* 200 characters */
	{ C, "Z", "z.example", 270, "Aan Zed|Zimmermann", "a", "s", "C" }, /* one letter */
	{ C, "42 Degrees", "42-degrees.example", 260, "Aan Arthur|Dent", "a", "s", "C" },
	{ C, "Rosewood Hotels", "rosewood-hotels.example", 255, "Aan Bianca|Ricci;Pan Marco|Greco", "a", "ssw", "CB" },
	{ C, "Suspended Bridges Engineering", "suspended-bridges.example", 250, "Aan Isambard|Stone", "a", "s", "CS" },
	{ C, "Pine & Peak Outdoor", "pine-peak.example", 245, "Aan Ingrid|Berg", "u" "a" "s", "s", "C" },
	{ C, "Copperline Telecom", "copperline.example", 235, "Aan David|Kim", "a", "ssssfwtn", "CB" }, /* every state of source */
	{ C, "Sunfield Renewables", "sunfield.example", 225, "Aan Elena|Ramos", "a", "s", "C" },
	{ C, "Willowbrook Care Homes", "willowbrook.example", 215, "Aan Alice|Walsh", "ea", "s", "C" },
	{ C, "Kestrel Aviation", "kestrel-aviation.example", 205, "Aan Jack|Dalton", "as", "t", "C" },
	{ C, "Tabby & Co 🐈", "tabby.example", 195, "Aan Mia|Silva", "a", "s", "C" }, /* beyond the basic plane */
	{ C, "Northgate Legal", "northgate-legal.example", 185, "Dan Laura|Farrell;Aan Oscar|Jansen", "a", "s", "C" },
	{ C, "100% Cotton_Mills", "cotton-mills.example", 175, "Aan Anita|Gupta", "a", "s", "C" }, /* LIKE's wildcards */
	{ C, "back\\slash Press", "backslash-press.example", 165, "Aan Ivan|Novak", "a", "s", "C" },
};

/* A second distributor, another time zone, itself in onboarding (2/3). */
static const struct line hudson[] = {
	{ D, "Hudson Valley Distribution", "hudson-valley.example", 60,
		"Aaa Olivia|Grant other-admin@demo.example;Pas Ethan|Cole", "d", "", "" },
	{ R, "Catskill Cloud", "catskill-cloud.example", 55, "Aaa Ruth|Meyers", "a", "", "C" },
	{ C, "Bluepeak Outfitters", "bluepeak-outfitters.example", 50, "Aan Hank|Doyle", "a", "s", "C" },
	{ C, "Saratoga Springs Water", "saratoga-water.example", 45, "Aan June|Avery", "a", "f", "C" },
	{ C, "Storm King Motors", "storm-king.example", 20, "Pan Walt|Irving", "d", "", "" },
	{ C, "Rip Van Winkle Bedding", "rip-van-winkle.example", 15, "", "", "", "" },
	{ R, "Long Island Hosting", "long-island-hosting.example", 40, "Paa Jay|Bright", "", "", "" },
	{ C, "Montauk Fisheries", "montauk-fisheries.example", 38, "Aan Daisy|Wells", "a", "w", "" },
	{ C, "Hampton Gardens", "hampton-gardens.example", 36, "Aan Tom|Wilson", "s", "n", "" },
	{ C, "Northwind Sailing", "northwind-sailing.example", 34, "Aan Nick|Baker", "ea", "s", "C" },
};

#undef D
#undef R
#undef C

static const struct {
	const struct line *lines;
	size_t count;
	const char *zone;
	uint64_t distributor;
} tables[] = {
	{ northwind, sizeof northwind / sizeof northwind[0], "UTC", 1 },
	{ hudson, sizeof hudson / sizeof hudson[0], "America/New_York", 2 },
};

static enum role role_of(char letter)
{
	return letter == 'a' ? ROLE_ADMIN : letter == 's' ? ROLE_SALES : ROLE_NONE;
}

/* One user of a line; NUMBER makes the address of one that has none given. */
static void read_user(const char *text, size_t length, const char *domain, size_t number, struct demo_user *user)
{
	char copy[256];
	snprintf(copy, sizeof copy, "%.*s", (int)length, text);
	char *first = copy + 4, *last = strchr(first, '|'), *email;
	*last++ = '\0';
	email = strchr(last, '@') != NULL ? strrchr(last, ' ') : NULL;
	if (email != NULL)
		*email++ = '\0';
	user->state = (enum demo_user_state)copy[0];
	user->role = role_of(copy[1]);
	user->child_role = role_of(copy[2]);
	snprintf(user->first, sizeof user->first, "%.63s", first);
	snprintf(user->last, sizeof user->last, "%.63s", last);
	if (email != NULL)
		snprintf(user->email, sizeof user->email, "%s", email);
	else
		snprintf(user->email, sizeof user->email, "user%zu@%s", number + 1, domain);
}

static void read_line(const struct line *line, struct demo_tenant *tenant)
{
	tenant->tier = line->tier;
	tenant->created = line->created;
	tenant->complete = strchr(line->flags, 'C') != NULL;
	tenant->suspended = strchr(line->flags, 'S') != NULL;
	tenant->deleted = strchr(line->flags, 'D') != NULL;
	tenant->busy = strchr(line->flags, 'B') != NULL;
	snprintf(tenant->name, sizeof tenant->name, "%s", line->name);
	snprintf(tenant->domain, sizeof tenant->domain, "%s", line->domain);
	snprintf(tenant->contracts, sizeof tenant->contracts, "%s", line->contracts);
	snprintf(tenant->sources, sizeof tenant->sources, "%s", line->sources);
	tenant->user_count = 0;
	for (const char *text = line->users; *text != '\0' && tenant->user_count < DEMO_USERS_MAX;) {
		size_t length = strcspn(text, ";");
		size_t number = tenant->user_count++;
		read_user(text, length, line->domain, number, &tenant->users[number]);
		text += length + (text[length] == ';');
	}
	if (demo_tasks_done(tenant) == demo_tasks_total(tenant))
		tenant->complete = true;
}

size_t demo_small_count(unsigned which)
{
	return tables[which].count;
}

/* Labels are provisional: in the table's order; the caller numbers them in the order of names. */
enum error demo_small(unsigned which, uint64_t first, demo_visit_fn *visit, void *arg)
{
	uint64_t reseller = 0, reseller_key = 0, customer = 0;
	for (size_t i = 0; i < tables[which].count; i++) {
		struct demo_tenant tenant = { .key = first + i, .distributor = first };
		read_line(&tables[which].lines[i], &tenant);
		tenant.seed = demo_hash(which + 1, i);
		switch (tenant.tier) {
		case TIER_DISTRIBUTOR:
			tenant.zone = tables[which].zone;
			tenant.tree_pos = tree_make(tables[which].distributor, 0, 0);
			break;
		case TIER_RESELLER:
			tenant.parent = first;
			tenant.tree_pos = tree_make(tables[which].distributor, ++reseller, 0);
			reseller_key = tenant.key;
			customer = 0;
			break;
		case TIER_CUSTOMER:
			tenant.parent = reseller_key;
			tenant.tree_pos = tree_make(tables[which].distributor, reseller, ++customer);
			break;
		}
		enum error error = visit(arg, &tenant);
		if (error != ERR_NONE)
			return error;
	}
	return ERR_NONE;
}
