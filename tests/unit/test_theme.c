/* Themes: which folder is one and which is refused, saying where; which theme is in force; what the sheet of one may say and
 * read. Folders and sheets are the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "base/theme.h"
#include "files.h"
#include "xml/xml.h"

#define HEAD "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' xmlns:t='urn:tenantry:1' exclude-result-prefixes='t'>\n"
#define OURS HEAD "<xsl:import href='tenantry:pages.xsl'/>\n"
#define FOOT "</xsl:stylesheet>\n"

/* Our sheets, the folders of themes, and beside both what no theme may read. */
static char themes[80], xslt[80];

static int set_up(void **state)
{
	(void)state;
	assert_int_equal(make_top(), 0);
	snprintf(themes, sizeof themes, "%s/themes", top);
	snprintf(xslt, sizeof xslt, "%s/xslt", top);
	put("outside.xsl", HEAD FOOT);
	put("xslt/frame.xsl", HEAD "<xsl:output method='html' encoding='UTF-8' indent='no'/>\n"
		"<xsl:template match='/'><html><body><xsl:call-template name='cell'/></body></html></xsl:template>" FOOT);
	put("xslt/pages.xsl", HEAD "<xsl:include href='frame.xsl'/><xsl:template name='cell'><p>Ours</p></xsl:template>" FOOT);
	put("xslt/i18n/de.xml", "<words><m en='Ours' de='Unseres'/><m en='Theirs' de='Ihres'/></words>");
	put("themes/nimbus/theme.conf", "[theme]\nproduct = Nimbus\ntenants = AAAA, BBBB\nhosts = a.example,b.example\n");
	return 0;
}

/* Loads sheets and themes; the lines of the faults, without where the test's folders are, are left in SAID. */
static struct sheets *load(char *said, size_t size)
{
	char *text = NULL;
	size_t length;
	FILE *errors = open_memstream(&text, &length);
	struct sheets *sheets = sheets_load(xslt, themes, errors);
	fclose(errors);
	assert_true(length < size);
	for (char *from = text; *from != '\0';) {
		if (strncmp(from, top, strlen(top)) == 0)
			from += strlen(top) + 1;
		else
			*said++ = *from++;
	}
	*said = '\0';
	free(text);
	return sheets;
}

static void check_said(const char *expected)
{
	char said[4096];
	assert_null(load(said, sizeof said));
	assert_string_equal(said, expected);
}

/* The same, when libxml2 or libxslt has its own words for the rest. */
static void check_sheet_refused(const char *sheet, const char *expected)
{
	char said[4096];
	put("themes/nimbus/pages.xsl", sheet);
	assert_null(load(said, sizeof said));
	if (strstr(said, expected) == NULL)
		fail_msg("'%s' is not in: %s", expected, said);
}

static void faults_are_said_with_file_and_line(void **state)
{
	(void)state;
	put("themes/nimbus/theme.conf", "[theme]\ncolour = red\ntenants = no, ID\nhosts = A.example\nlogo = ../logo.svg\n");
	put("themes/other/theme.conf", "product = X\n");
	put("themes/third/theme.conf", "[theme]\nlogo = logo.svg\nproduct =\n");
	put("themes/No Name/theme.conf", "");
	put("themes/empty/theme.css", "");
	put("themes/README", "no theme\n");
	check_said("themes/No Name/theme.conf: the folder of a theme has a name of at most 40 of a-z 0-9 -\n"
		"themes/empty/theme.conf: No such file or directory\n"
		"themes/nimbus/theme.conf:2: [theme] has no key \"colour\"\n"
		"themes/nimbus/theme.conf:3: tenants: \"no, ID\" must be IDs of tenants, with commas between\n"
		"themes/nimbus/theme.conf:4: hosts: \"A.example\" must be names of hosts in small letters, with commas between\n"
		"themes/nimbus/theme.conf:5: logo: \"../logo.svg\" must be the name of a file of the theme that ends in .svg or .png\n"
		"themes/other/theme.conf:1: \"product\" stands before the first section\n"
		"themes/third/theme.conf:3: product: \"\" must not be empty\n"
		"themes/third/theme.conf:2: logo: there is no file logo.svg in the theme\n");
}

static void a_tenant_or_host_of_two_themes_is_refused(void **state)
{
	(void)state;
	put("themes/other/theme.conf", "[theme]\ntenants = CCCC,BBBB\nhosts = b.example\n");
	check_said("themes/other/theme.conf:2: BBBB has the theme nimbus already\n"
		"themes/other/theme.conf:3: b.example has the theme nimbus already\n");
}

static void symbolic_links_are_refused(void **state)
{
	(void)state;
	char path[160];
	snprintf(path, sizeof path, "%s/nimbus/theme.css", themes);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	snprintf(path, sizeof path, "%s/linked", themes);
	assert_int_equal(symlink("nimbus", path), 0);
	put("themes/nimbus/theme.conf", "[theme]\n");
	check_said("themes/linked: a symbolic link is no theme\n"
		"themes/linked/theme.conf: the theme has the symbolic link theme.css: its files have to stand in its folder\n"
		"themes/nimbus/theme.conf: the theme has the symbolic link theme.css: its files have to stand in its folder\n");
}

static void the_nearest_theme_is_in_force(void **state)
{
	(void)state;
	char said[4096];
	put("themes/above/theme.conf", "[theme]\ntenants = DDDD\n");
	struct sheets *sheets = load(said, sizeof said);
	assert_string_equal(said, "");
	const struct theme *all = sheets_themes(sheets);
	const char *const own[] = { "BBBB", "DDDD", "DDDD" }, *const above[] = { "XXXX", "AAAA", "DDDD" }, *const far[] = { "XXXX", NULL, "DDDD" },
		*const none[] = { "AAA", "BBBBB", NULL };
	assert_string_equal(theme_of_tenants(all, own, 3)->name, "nimbus");
	assert_string_equal(theme_of_tenants(all, above, 3)->name, "nimbus");
	assert_string_equal(theme_of_tenants(all, far, 3)->name, "above");
	assert_null(theme_of_tenants(all, none, 3));
	assert_string_equal(theme_of_host(all, "B.example:8080")->name, "nimbus");
	assert_null(theme_of_host(all, "c.example"));
	assert_null(theme_of_host(all, ""));
	assert_string_equal(theme_product(theme_of_tenants(all, own, 3)), "Nimbus");
	assert_string_equal(theme_product(theme_of_tenants(all, far, 3)), "Tenantry");
	assert_string_equal(theme_product(NULL), "Tenantry");
	sheets_free(sheets);
}

static void check_page(const struct sheets *sheets, const char *name, enum language language, const char *expected)
{
	struct buf out;
	DOC_AUTO doc = doc_new("page");
	doc_language(doc, sheets_words(sheets, language));
	buf_init(&out, 10000);
	assert_int_equal(sheets_apply(sheets, name, doc, &out), ERR_NONE);
	assert_non_null(strstr(out.data, expected));
	buf_free(&out);
}

static void a_sheet_replaces_a_template_of_ours_in_each_language(void **state)
{
	(void)state;
	char said[4096];
	put("themes/nimbus/pages.xsl", OURS "<xsl:include href='cell.xsl'/>" FOOT);
	put("themes/nimbus/cell.xsl", HEAD "<xsl:template name='cell'><p>Theirs</p></xsl:template>" FOOT);
	struct sheets *sheets = load(said, sizeof said);
	assert_string_equal(said, "");
	check_page(sheets, "theme/nimbus", LANGUAGE_EN, "<p>Theirs</p>");
	check_page(sheets, "theme/nimbus", LANGUAGE_DE, "<p>Ihres</p>");
	check_page(sheets, "pages", LANGUAGE_EN, "<p>Ours</p>");
	check_page(sheets, "pages", LANGUAGE_DE, "<p>Unseres</p>");
	sheets_free(sheets);
}

static void a_sheet_reads_nothing_and_cannot_be_slow(void **state)
{
	(void)state;
	check_sheet_refused(OURS "<xsl:template name='cell'>\n<xsl:copy-of select=\"document('/etc/passwd')\"/></xsl:template>" FOOT,
		"themes/nimbus/pages.xsl:4: the sheet of a theme cannot have xsl:copy-of");
	check_sheet_refused(OURS "<xsl:template name='cell'>\n<xsl:value-of select=\"document('/etc/passwd')\"/></xsl:template>" FOOT,
		"themes/nimbus/pages.xsl:4: the sheet of a theme cannot have the function document");
	check_sheet_refused(OURS "<xsl:template name='cell'>\n<xsl:value-of disable-output-escaping='yes' select='.'/></xsl:template>" FOOT,
		"disable-output-escaping is not allowed");
	check_sheet_refused(OURS "<xsl:import href='../../outside.xsl'/>" FOOT, "is outside");
	check_sheet_refused(OURS "<xsl:import href='tenantry:../outside.xsl'/>" FOOT, "is outside");
	check_sheet_refused(OURS "<xsl:import href='/etc/passwd'/>" FOOT, "is outside");
	check_sheet_refused(OURS "<xsl:import href='http://127.0.0.1:9/x.xsl'/>" FOOT, "cannot be read");
	check_sheet_refused("<!DOCTYPE x [<!ENTITY e SYSTEM '../../outside.xsl'>]>" OURS "<xsl:template name='cell'>&e;</xsl:template>" FOOT,
		"is outside");
	check_sheet_refused(OURS "<xsl:template name='cell'>\n<p></xsl:template>" FOOT, "themes/nimbus/pages.xsl:4: ");
}

static void a_sheet_without_end_is_an_error(void **state)
{
	(void)state;
	static const char *const cells[] = { "<xsl:call-template name='cell'/>", "<xsl:apply-templates select='/'/>",
		/* 100 to the power of 5 */
		"<xsl:for-each select='//t:i'><xsl:for-each select='//t:i'><xsl:for-each select='//t:i'><xsl:for-each select='//t:i'>"
		"<xsl:if test='count(//t:i) = 0'>-</xsl:if></xsl:for-each></xsl:for-each></xsl:for-each></xsl:for-each>" };
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		char sheet[2048], said[4096];
		snprintf(sheet, sizeof sheet, OURS "<xsl:template name='cell'><p/>%s</xsl:template>" FOOT, cells[i]);
		put("themes/nimbus/pages.xsl", sheet);
		struct sheets *sheets = load(said, sizeof said);
		assert_string_equal(said, "");
		DOC_AUTO doc = doc_new("page");
		for (int item = 0; item < 100; item++) {
			doc_open(doc, "i");
			doc_close(doc);
		}
		BUF_AUTO out;
		buf_init(&out, 10000);
		assert_int_equal(sheets_apply(sheets, "theme/nimbus", doc, &out), ERR_INTERNAL);
		assert_int_equal(out.length, 0);
		assert_int_equal(sheets_apply(sheets, "pages", doc, &out), ERR_NONE);
		sheets_free(sheets);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, remove_top)
		T(faults_are_said_with_file_and_line),
		T(a_tenant_or_host_of_two_themes_is_refused),
		T(symbolic_links_are_refused),
		T(the_nearest_theme_is_in_force),
		T(a_sheet_replaces_a_template_of_ours_in_each_language),
		T(a_sheet_reads_nothing_and_cannot_be_slow),
		T(a_sheet_without_end_is_an_error),
#undef T
	};
	xml_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
