/* Names of companies and persons, put together from word lists. Pure: no clock, no chance, no database. */
#include <stdio.h>
#include <string.h>

#include "command/demo.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* A company is FRONT + BACK + " " + SECTOR, or SURNAME + " " + SECTOR, and a legal form that decides
 * nothing. ASCII letters and blanks alone, so that byte order is the collation's. */
static const char *const fronts[] = {
	"Alder", "Amber", "Anchor", "Apex", "Arrow", "Ash", "Autumn", "Beacon", "Birch", "Black", "Blue", "Bold",
	"Boulder", "Breeze", "Bridge", "Bright", "Bronze", "Canyon", "Cedar", "Clear", "Cliff", "Cloud", "Cobalt",
	"Copper", "Coral", "Crest", "Crown", "Crystal", "Dawn", "Deep", "Dune", "Eagle", "Early", "East", "Elm", "Ember",
	"Ever", "Fair", "Falcon", "Far", "Fern", "Fire", "Flint", "Forest", "Fox", "Frost", "Glacier", "Glass", "Gold",
	"Granite", "Gray", "Green", "Harbor", "Haven", "Hawk", "Hazel", "Heron", "High", "Hollow", "Ice", "Indigo",
	"Iron", "Island", "Ivory", "Jade", "Juniper", "Keen", "Kings", "Lake", "Lark", "Laurel", "Light", "Lime",
	"Linden", "Long", "Lunar", "Maple", "Marble", "Meadow", "Mill", "Mist", "Moon", "Moss", "New", "Noble",
	"North", "Oak", "Ocean", "Olive", "Onyx", "Opal", "Orchard", "Otter", "Pearl", "Pine", "Prairie", "Quartz",
	"Quick", "Rain", "Raven", "Red", "Ridge", "River", "Robin", "Rock", "Rose", "Ruby", "Sage", "Salt", "Sand",
	"Scarlet", "Shore", "Silver", "Sky", "Snow", "Solar", "South", "Spring", "Star", "Steel", "Still", "Stone",
	"Storm", "Summer", "Summit", "Sun", "Swift", "Tall", "Thorn", "Tide", "Timber", "True", "Valley", "Velvet",
	"Violet", "Walnut", "Water", "West", "White", "Wild", "Willow", "Wind", "Winter", "Wolf", "Wood",
};
static const char *const backs[] = {
	"anchor", "bank", "bay", "beam", "bell", "bend", "berry", "born", "bound", "branch", "bridge", "brook", "burn",
	"bury", "cap", "castle", "cliff", "combe", "cote", "court", "cove", "craft", "crest", "croft", "cross", "dale",
	"deep", "dell", "den", "drift", "edge", "fall", "farm", "fell", "field", "fold", "ford", "forge", "fort",
	"front", "gate", "glade", "glen", "grove", "hall", "harbor", "haven", "head", "heath", "hill", "hold", "holm",
	"house", "hurst", "keep", "key", "knoll", "lake", "land", "lane", "leaf", "ley", "light", "line", "lock",
	"lodge", "mark", "marsh", "mead", "mere", "mill", "mont", "moor", "mouth", "park", "pass", "path", "peak",
	"pier", "pine", "plain", "point", "pond", "pool", "port", "quay", "reach", "reef", "ridge", "rise", "road",
	"rock", "root", "run", "sail", "shore", "side", "spire", "spring", "stead", "stone", "strand", "stream",
	"thorpe", "tide", "ton", "tor", "tower", "town", "track", "vale", "view", "ville", "walk", "ward", "water",
	"way", "well", "wharf", "wick", "wind", "wood", "worth", "yard",
};
static const char *const surnames[] = {
	"Abbott", "Adeyemi", "Alvarez", "Andersen", "Baker", "Banerjee", "Becker", "Berg", "Bianchi", "Brandt", "Carter",
	"Castillo", "Chen", "Costa", "Dalton", "Delgado", "Dubois", "Eriksen", "Farrell", "Fischer", "Fontaine",
	"Fraser", "Gallagher", "Garcia", "Greco", "Gupta", "Hansen", "Haas", "Hughes", "Ibrahim", "Ivanov", "Jansen",
	"Johansson", "Kaplan", "Keller", "Kim", "Kovacs", "Kumar", "Lambert", "Larsen", "Lehmann", "Lindqvist", "Lopez",
	"Marino", "Mendes", "Meyer", "Moreau", "Mukherjee", "Nakamura", "Nguyen", "Novak", "Okafor", "Olsen", "Ortiz",
	"Patel", "Petersen", "Quinn", "Ramos", "Ricci", "Rossi", "Sato", "Schmidt", "Silva", "Singh", "Sorensen",
	"Tanaka", "Torres", "Vasquez", "Vogel", "Wagner", "Walsh", "Weber", "Whitfield", "Yamamoto", "Zimmermann",
};
static const char *const sectors[] = {
	"Aerospace", "Agriculture", "Analytics", "Architects", "Automation", "Automotive", "Aviation", "Bakeries",
	"Biotech", "Brewing", "Broadcasting", "Building Supplies", "Capital", "Care Homes", "Catering", "Ceramics",
	"Chemicals", "Clinics", "Coffee Roasters", "Construction", "Consulting", "Dairy", "Dental", "Design",
	"Diagnostics", "Education", "Electronics", "Energy", "Engineering", "Entertainment", "Events", "Farms", "Fashion",
	"Fisheries", "Foods", "Forestry", "Freight", "Furniture", "Games", "Gardens", "Glassworks", "Health", "Homes",
	"Hospitality", "Hotels", "Instruments", "Insurance", "Labs", "Legal", "Logistics", "Machinery", "Marine",
	"Marketing", "Media", "Medical", "Metals", "Mining", "Mobility", "Motors", "Music", "Optics", "Organics",
	"Outdoor", "Packaging", "Paper", "Pharma", "Plastics", "Press", "Properties", "Publishing", "Railways",
	"Recycling", "Renewables", "Research", "Retail", "Robotics", "Schools", "Security", "Semiconductors", "Shipping",
	"Software", "Sports", "Studios", "Supply", "Telecom", "Textiles", "Timber", "Tools", "Toys", "Trading", "Travel",
	"Utilities", "Ventures", "Veterinary", "Warehousing", "Water", "Wines",
};
static const char *const partner_sectors[] = {
	"Cloud", "Cloud Brokers", "Cloud Partners", "Cloud Services", "Computing", "Data Systems", "Hosting", "Managed IT",
	"Networks", "Solutions", "Systems House", "Technology Partners",
};
static const char *const legal_forms[] = {
	"", "", "", "", " Ltd", " Inc", " GmbH", " AG", " LLC", " Group", " BV", " AB", " SA", " Oy", " Company", " PLC",
};
static const char *const firsts[] = {
	"Ada", "Ahmed", "Aisha", "Alice", "Amara", "Ana", "Anders", "Anita", "Anton", "Arjun", "Astrid", "Ben", "Bianca",
	"Carlos", "Chloé", "Clara", "Daniel", "David", "Elena", "Elif", "Emma", "Erik", "Fatima", "Felix", "Femi", "Grace",
	"Hana", "Hannah", "Henrik", "Hugo", "Ida", "Ines", "Ingrid", "Ivan", "Jack", "Jana", "Jonas", "José", "Julia",
	"Kaito", "Karin", "Kofi", "Lars", "Laura", "Leila", "Liam", "Lucía", "Łukasz", "Magnus", "Maja", "Marco", "María",
	"Mei", "Mia", "Miguel", "Milan", "Nadia", "Nils", "Nina", "Noah", "Nora", "Olga", "Oscar", "Otto", "Paul", "Per",
	"Petra", "Priya", "Rafael", "Rita", "Rosa", "Sam", "Sara", "Sebastián", "Sofia", "Sven", "Tariq", "Tess", "Tomás",
	"Uma", "Vera", "Viktor", "Wei", "Yara", "Yuki", "Zoë",
};
static const char *const lasts[] = {
	"Abbott", "Adeyemi", "Álvarez", "Andersen", "Baker", "Banerjee", "Becker", "Berg", "Bianchi", "Brandt", "Carter",
	"Castillo", "Chen", "Costa", "Dalton", "Delgado", "Dubois", "Eriksen", "Farrell", "Fischer", "Fontaine",
	"Fraser", "Gallagher", "García", "Greco", "Gupta", "Hansen", "Haas", "Hughes", "Ibrahim", "Ivanov", "Jansen",
	"Johansson", "Kaplan", "Keller", "Kim", "Kovács", "Kumar", "Lambert", "Larsen", "Lehmann", "Lindqvist", "López",
	"Marino", "Mendes", "Meyer", "Moreau", "Mukherjee", "Müller", "Nakamura", "Nguyễn", "Novák", "O'Brien", "Okafor",
	"Olsen", "Ortiz", "Patel", "Petersen", "Quinn", "Ramos", "Ricci", "Rossi", "Sato", "Schmidt", "Silva", "Singh",
	"Sørensen", "Tanaka", "Torres", "Vásquez", "Vogel", "Wagner", "Walsh", "Weber", "Yamamoto", "Zimmermann",
};

/* splitmix64's finaliser (Steele, Lea, Flood 2014). */
uint64_t demo_hash(uint64_t seed, uint64_t number)
{
	uint64_t z = seed * UINT64_C(0xD1342543DE82EF95) + (number + 1) * UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

/* Spreads 0..COUNT-1 over itself: multiplies by a number that has no factor in common with COUNT. */
static uint64_t spread(uint64_t number, uint64_t count)
{
	uint64_t step = count / 2 + count / 8;
	for (;; step++) {
		uint64_t a = step, b = count;
		while (b != 0) {
			uint64_t rest = a % b;
			a = b;
			b = rest;
		}
		if (a == 1)
			break;
	}
	return (number % count) * step % count;
}

/* The letters and digits of TEXT in lower case, other runs as one hyphen. */
static void domain_of(const char *text, char domain[DOMAIN_SIZE])
{
	size_t length = 0;
	for (; *text != '\0' && length < 60; text++) {
		char c = *text;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			domain[length++] = c;
		else if (length > 0 && domain[length - 1] != '-')
			domain[length++] = '-';
	}
	snprintf(domain + length, DOMAIN_SIZE - length, ".example");
}

static uint64_t root_count(void)
{
	return COUNT(fronts) * COUNT(backs) + COUNT(surnames);
}

static void put_name(uint64_t number, const char *const *kinds, size_t kind_count, char name[DEMO_NAME_SIZE],
	char domain[DOMAIN_SIZE])
{
	uint64_t place = spread(number, root_count() * kind_count);
	uint64_t root = place / kind_count;
	const char *kind = kinds[place % kind_count];
	if (root < COUNT(surnames))
		snprintf(name, DEMO_NAME_SIZE, "%s %s", surnames[root], kind);
	else
		snprintf(name, DEMO_NAME_SIZE, "%s%s %s", fronts[(root - COUNT(surnames)) / COUNT(backs)],
			backs[(root - COUNT(surnames)) % COUNT(backs)], kind);
	domain_of(name, domain);
	size_t length = strlen(name);
	snprintf(name + length, DEMO_NAME_SIZE - length, "%s", legal_forms[demo_hash(11, number) % COUNT(legal_forms)]);
}

uint64_t demo_company_count(void)
{
	return root_count() * COUNT(sectors);
}

void demo_company(uint64_t number, char name[DEMO_NAME_SIZE], char domain[DOMAIN_SIZE])
{
	put_name(number, sectors, COUNT(sectors), name, domain);
}

uint64_t demo_partner_count(void)
{
	return root_count() * COUNT(partner_sectors);
}

void demo_partner(uint64_t number, char name[DEMO_NAME_SIZE], char domain[DOMAIN_SIZE])
{
	put_name(number, partner_sectors, COUNT(partner_sectors), name, domain);
}

void demo_person(uint64_t seed, char first[64], char last[64], char local_part[64])
{
	uint64_t f = demo_hash(seed, 1) % COUNT(firsts), l = demo_hash(seed, 2) % COUNT(lasts);
	snprintf(first, 64, "%s", firsts[f]);
	snprintf(last, 64, "%s", lasts[l]);
	/* ASCII alone: what has marks goes by its number. */
	char domain[DOMAIN_SIZE], text[140];
	snprintf(text, sizeof text, "%s.%s", first, last);
	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c >= 0x80) {
			snprintf(local_part, 64, "user%u", (unsigned)(seed % 1000));
			return;
		}
	domain_of(text, domain);
	size_t length = strcspn(domain, ".");
	memcpy(local_part, domain, length);
	local_part[length] = '\0';
}
