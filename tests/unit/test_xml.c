/* The document builder, the set of stylesheets and validity: data stays data, misuse ends the process, a sheet can
 * reach nothing. Sheets are written into a directory of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "xml/xml.h"

#define HEAD "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' " \
	"xmlns:t='urn:tenantry:1' exclude-result-prefixes='t'>\n"
#define HTML "<xsl:output method='html' encoding='UTF-8' indent='no'/>\n"
#define TEXT "<xsl:output method='text' encoding='UTF-8'/>\n"
#define FOOT "</xsl:stylesheet>\n"

/* A directory for sheets, and beside it a file that no sheet may read. */
static char dir[80];

static int set_up(void **state)
{
	(void)state;
	assert_int_equal(make_top(), 0);
	snprintf(dir, sizeof dir, "%s/xslt", top);
	assert_int_equal(mkdir(dir, 0700), 0);
	put("secret.xml", "<secret>hidden</secret>");
	put("outside.xsl", HEAD HTML FOOT);
	return 0;
}

/* Loads DIR; the lines of the faults are left in MESSAGES. */
static struct sheets *load(char *messages, size_t size)
{
	FILE *errors = fmemopen(messages, size, "w");
	assert_non_null(errors);
	struct sheets *sheets = sheets_load(dir, "", errors);
	fclose(errors);
	return sheets;
}

static void check_refused(const char *sheet, const char *message)
{
	char messages[4096] = "";
	put("xslt/bad.xsl", sheet);
	assert_null(load(messages, sizeof messages));
	if (strstr(messages, message) == NULL)
		fail_msg("'%s' is not in: %s", message, messages);
}

static struct doc *sample(const char *name)
{
	struct doc *doc = doc_new("page");
	doc_attr(doc, "name", name);
	doc_open(doc, "item");
	doc_text(doc, name);
	doc_close(doc);
	return doc;
}

/* What the one sheet, named "s", makes of the document. */
static enum error apply(const char *sheet, struct doc *doc, struct buf *out)
{
	char messages[4096] = "";
	put("xslt/s.xsl", sheet);
	struct sheets *sheets = load(messages, sizeof messages);
	assert_string_equal(messages, "");
	assert_non_null(sheets);
	enum error error = sheets_apply(sheets, "s", doc, out);
	sheets_free(sheets);
	return error;
}

static void check_serialized(struct doc *doc, const char *expected)
{
	BUF_AUTO out;
	buf_init(&out, 65536);
	assert_true(doc_serialize(doc, &out));
	assert_string_equal(out.data, expected);
	DOC_AUTO again = doc_parse(out.data, out.length);
	assert_non_null(again);
}

#define XML_DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static void test_values_never_become_markup(void **state)
{
	(void)state;
	DOC_AUTO doc = sample("</item>&<b a=\"1\"]]>&amp;");
	check_serialized(doc, XML_DECLARATION "<page xmlns=\"urn:tenantry:1\" "
		"name=\"&lt;/item&gt;&amp;&lt;b a=&quot;1&quot;]]&gt;&amp;amp;\">"
		"<item>&lt;/item&gt;&amp;&lt;b a=\"1\"]]&gt;&amp;amp;</item></page>\n");
}

static void test_poisoned_text_still_makes_a_document(void **state)
{
	(void)state;
	DOC_AUTO doc = sample("a\x01" "b\xff" "c\xed\xa0\x80" "d\xe2\x80\xae" "e\xef\xbf\xbf" "f");
	BUF_AUTO out;
	buf_init(&out, 65536);
	assert_true(doc_serialize(doc, &out));
	assert_non_null(strstr(out.data, "<item>a\xef\xbf\xbd" "b\xef\xbf\xbd" "c"));
	assert_null(strstr(out.data, "\xe2\x80\xae"));
	DOC_AUTO again = doc_parse(out.data, out.length);
	assert_non_null(again);
}

static void test_empty_and_absent_values(void **state)
{
	(void)state;
	DOC_AUTO doc = doc_new("page");
	doc_attr(doc, "absent", NULL);
	doc_attr(doc, "empty", "");
	doc_attr_int(doc, "number", -9223372036854775807LL);
	doc_attr_printf(doc, "printed", "%d of %s", 2, "5");
	doc_text(doc, NULL);
	doc_text(doc, "");
	check_serialized(doc, XML_DECLARATION "<page xmlns=\"urn:tenantry:1\" empty=\"\" "
		"number=\"-9223372036854775807\" printed=\"2 of 5\"/>\n");
}

static void test_long_formatted_values_are_whole(void **state)
{
	(void)state;
	char text[2001];
	memset(text, 'x', 2000);
	text[2000] = '\0';
	DOC_AUTO doc = doc_new("page");
	doc_attr_printf(doc, "v", "%s.", text);
	BUF_AUTO out;
	buf_init(&out, 65536);
	assert_true(doc_serialize(doc, &out));
	assert_non_null(strstr(out.data, "xxx.\""));
	assert_in_range(out.length, 2000, 2200);
}

static void test_a_document_too_large_is_said(void **state)
{
	(void)state;
	DOC_AUTO doc = sample("something");
	BUF_AUTO out;
	buf_init(&out, 40);
	assert_false(doc_serialize(doc, &out));
}

static void test_a_grid_shows_what_was_filled_last_and_nothing_else(void **state)
{
	(void)state;
	static const char *const first[] = { "</c>&", "", "b\xff", "2", "c", "3" }, *const last[] = { "", "5", "e", "6" };
	struct grid *grid = grid_new("csv", "row", "c", 3, 2);
	for (size_t i = 0; i < 6; i++)
		grid_cell(grid, first[i]);
	check_serialized(grid_doc(grid), XML_DECLARATION "<csv xmlns=\"urn:tenantry:1\"><row><c>&lt;/c&gt;&amp;</c><c/></row>"
		"<row><c>b\xef\xbf\xbd</c><c>2</c></row><row><c>c</c><c>3</c></row></csv>\n");
	grid_empty(grid);
	for (size_t i = 0; i < 4; i++)
		grid_cell(grid, last[i]);
	check_serialized(grid_doc(grid), XML_DECLARATION "<csv xmlns=\"urn:tenantry:1\"><row><c/><c>5</c></row>"
		"<row><c>e</c><c>6</c></row></csv>\n");
	grid_free(grid);
}

static void misuse_close(struct doc *doc)
{
	doc_close(doc);
	doc_close(doc);
}

static void misuse_depth(struct doc *doc)
{
	for (int i = 0; i < XML_DEPTH_MAX; i++)
		doc_open(doc, "a");
}

static void misuse_late_attribute(struct doc *doc)
{
	doc_text(doc, "text");
	doc_attr(doc, "a", "1");
}

static void misuse_second_text(struct doc *doc)
{
	doc_text(doc, "text");
	doc_text(doc, "more");
}

static void misuse_double_attribute(struct doc *doc)
{
	doc_attr(doc, "a", "1");
	doc_attr(doc, "a", "2");
}

static void misuse_open_element(struct doc *doc)
{
	BUF_AUTO out;
	buf_init(&out, 4096);
	doc_open(doc, "a");
	doc_serialize(doc, &out);
}

static void test_misuse_ends_the_process(void **state)
{
	(void)state;
	static void (*const cases[])(struct doc *) = { misuse_close, misuse_depth, misuse_late_attribute,
		misuse_second_text, misuse_double_attribute, misuse_open_element };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			/* No core, no report of the test framework's or a sanitizer's: only the signal counts. */
			signal(SIGABRT, SIG_DFL);
			if (freopen("/dev/null", "w", stderr) == NULL)
				_exit(1);
			cases[i](doc_new("page"));
			_exit(0);
		}
		int status;
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
			fail_msg("misuse %zu ended with status %x", i, (unsigned)status);
	}
}

static void test_parsing_refuses_what_we_never_write(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "<page>", "<page/><page/>", "<!DOCTYPE page [<!ENTITY x 'y'>]><page>&x;</page>",
		"<page>\x01</page>", "text" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		DOC_AUTO doc = doc_parse(bad[i], strlen(bad[i]));
		if (doc != NULL)
			fail_msg("was parsed: %s", bad[i]);
	}
}

static void test_parsing_drops_indentation_alone(void **state)
{
	(void)state;
	static const char text[] = "<page xmlns='urn:tenantry:1'>\n  <!-- note -->\n  <item> a </item>\n  <b> </b>\n</page>";
	DOC_AUTO doc = doc_parse(text, sizeof text - 1);
	check_serialized(doc, XML_DECLARATION "<page xmlns=\"urn:tenantry:1\"><item> a </item><b> </b></page>\n");
}

static void test_html_output(void **state)
{
	(void)state;
	DOC_AUTO doc = sample("\"<&>' é 株");
	BUF_AUTO out;
	buf_init(&out, 65536);
	assert_int_equal(apply(HEAD HTML "<xsl:template match='/'><html><head><meta charset='utf-8'/></head>"
		"<body><br/><p title='{t:page/@name}'><xsl:value-of select='t:page/t:item'/></p><svg><circle r='1'/></svg>"
		"<input required='required' disabled='disabled'/><script src='a.js'/></body></html></xsl:template>" FOOT,
		doc, &out), ERR_NONE);
	assert_string_equal(out.data, "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body><br>"
		"<p title=\"&quot;&lt;&amp;&gt;' é 株\">\"&lt;&amp;&gt;' é 株</p><svg><circle r=\"1\"></circle></svg>"
		"<input required=\"required\" disabled><script src=\"a.js\"></script></body></html>\n");
}

static void test_text_output_is_not_escaped(void **state)
{
	(void)state;
	DOC_AUTO doc = sample("\"<&>', 株");
	BUF_AUTO out;
	buf_init(&out, 65536);
	assert_int_equal(apply(HEAD TEXT "<xsl:template match='/'><xsl:value-of select='t:page/@name'/>;"
		"<x><xsl:value-of select='//t:item'/></x></xsl:template>" FOOT, doc, &out), ERR_NONE);
	assert_string_equal(out.data, "\"<&>', 株;\"<&>', 株");
}

/* libxslt takes stripped nodes out of its source and frees them, which those of a document that was built are not for. */
static void test_a_sheet_that_strips_space_leaves_the_document_whole(void **state)
{
	(void)state;
	DOC_AUTO doc = sample(" ");
	BUF_AUTO out;
	buf_init(&out, 65536);
	assert_int_equal(apply(HEAD TEXT "<xsl:strip-space elements='*'/><xsl:template match='/'>"
		"<xsl:value-of select='count(//text())'/></xsl:template>" FOOT, doc, &out), ERR_NONE);
	assert_string_equal(out.data, "0");
	check_serialized(doc, XML_DECLARATION "<page xmlns=\"urn:tenantry:1\" name=\" \"><item> </item></page>\n");
}

static void test_output_too_large_is_an_error(void **state)
{
	(void)state;
	DOC_AUTO doc = sample("name");
	BUF_AUTO out;
	buf_init(&out, 10);
	assert_int_equal(apply(HEAD HTML "<xsl:template match='/'><html><p>long text</p></html></xsl:template>" FOOT, doc,
		&out), ERR_INTERNAL);
	buf_reset(&out);
	assert_int_equal(apply(HEAD TEXT "<xsl:template match='/'>a longer text</xsl:template>" FOOT, doc, &out),
		ERR_INTERNAL);
}

static void test_the_set_has_its_sheets(void **state)
{
	(void)state;
	char messages[4096] = "";
	put("xslt/csv/list.xsl", HEAD TEXT FOOT);
	put("xslt/b.xsl", HEAD HTML "<xsl:include href='lib.inc'/>" FOOT);
	put("xslt/lib.inc", HEAD FOOT);
	put("xslt/not-a-sheet.txt", "<");
	struct sheets *sheets = load(messages, sizeof messages);
	assert_string_equal(messages, "");
	assert_non_null(sheets);
	assert_true(sheets_has(sheets, "b"));
	assert_true(sheets_has(sheets, "csv/list"));
	assert_false(sheets_has(sheets, "list"));
	assert_false(sheets_has(sheets, "lib"));
	assert_false(sheets_has(sheets, ""));
	DOC_AUTO doc = sample("name");
	BUF_AUTO out;
	buf_init(&out, 4096);
	assert_int_equal(sheets_apply(sheets, "none", doc, &out), ERR_INTERNAL);
	assert_int_equal(out.length, 0);
	sheets_free(sheets);
	sheets_free(NULL);
}

static void test_faulty_sheets_are_refused_with_their_place(void **state)
{
	(void)state;
	check_refused(HEAD HTML "<xsl:template match='/'>\n<p>\n</xsl:template>" FOOT, "bad.xsl:5: ");
	check_refused(HEAD HTML "<xsl:template match='/'>\n<xsl:value-of select='a['/>\n</xsl:template>" FOOT, "bad.xsl:4: ");
	check_refused(HEAD "<xsl:import href='none.xsl'/>" HTML FOOT, "none.xsl");
	check_refused("<html/>", "bad.xsl:");
	check_refused(HEAD FOOT, "method html or text");
	check_refused(HEAD "<xsl:output method='xml'/>" FOOT, "method html or text");
	check_refused(HEAD "<xsl:output method='html' encoding='ISO-8859-1'/>" FOOT, "encoding UTF-8");
	check_refused(HEAD HTML "<xsl:template match='/'>\n<xsl:value-of disable-output-escaping='yes' select='.'/>"
		"</xsl:template>" FOOT, "disable-output-escaping");
	check_refused(HEAD HTML "<xsl:include href='../outside.xsl'/>" FOOT, "is outside");
	check_refused("<!DOCTYPE x [<!ENTITY e SYSTEM '../secret.xml'>]>" HEAD HTML
		"<xsl:template match='/'>&e;</xsl:template>" FOOT, "is outside");
	check_refused(HEAD HTML "<xsl:include href='http://127.0.0.1:9/x.xsl'/>" FOOT, "cannot be read");
}

static void test_a_directory_that_is_not_there_is_refused(void **state)
{
	(void)state;
	char messages[4096] = "";
	FILE *errors = fmemopen(messages, sizeof messages, "w");
	assert_null(sheets_load("/nonexistent", "", errors));
	fclose(errors);
	assert_non_null(strstr(messages, "/nonexistent"));
}

static void test_a_running_sheet_reads_and_writes_nothing(void **state)
{
	(void)state;
	char sheet[2048], path[128];
	DOC_AUTO doc = sample("name");
	BUF_AUTO out;
	buf_init(&out, 65536);
	snprintf(sheet, sizeof sheet, HEAD TEXT "<xsl:template match='/'>[<xsl:value-of select=\"document('%s/secret.xml')\"/>"
		"<xsl:value-of select=\"document('')\"/>]</xsl:template>" FOOT, top);
	apply(sheet, doc, &out);
	if (out.data != NULL)
		assert_null(strstr(out.data, "hidden"));
	buf_reset(&out);
	snprintf(sheet, sizeof sheet, HEAD TEXT "<xsl:template match='/'><e:document xmlns:e='http://exslt.org/common' "
		"xsl:extension-element-prefixes='e' href='%s/written'>x</e:document></xsl:template>" FOOT, top);
	apply(sheet, doc, &out);
	snprintf(path, sizeof path, "%s/written", top);
	assert_int_equal(access(path, F_OK), -1);
}

static void test_endless_sheets_end(void **state)
{
	(void)state;
	DOC_AUTO doc = sample("name");
	BUF_AUTO out;
	buf_init(&out, 65536);
	assert_int_equal(apply(HEAD TEXT "<xsl:template match='/' name='r'>a<xsl:call-template name='r'/></xsl:template>" FOOT,
		doc, &out), ERR_INTERNAL);
	assert_int_equal(apply(HEAD TEXT "<xsl:template match='/'><xsl:message terminate='yes'>no</xsl:message></xsl:template>"
		FOOT, doc, &out), ERR_INTERNAL);
	assert_int_equal(out.length, 0);
}

static void test_memory_stays_flat(void **state)
{
	(void)state;
	char messages[4096] = "";
	put("xslt/s.xsl", HEAD HTML "<xsl:template match='/'><html><p><xsl:value-of select='//t:item'/></p></html></xsl:template>" FOOT);
	struct sheets *sheets = load(messages, sizeof messages);
	assert_non_null(sheets);
	BUF_AUTO out;
	buf_init(&out, 65536);
	size_t before = 0;
	for (int i = 0; i < 2000; i++) {
		DOC_AUTO doc = sample("a name with <&> and \x01 in it");
		buf_reset(&out);
		assert_int_equal(sheets_apply(sheets, "s", doc, &out), ERR_NONE);
		if (i == 100)
			before = mallinfo2().uordblks;
	}
	/* A single node kept a time would be 200 KB. Under AddressSanitizer both are 0 and its leak check counts. */
	assert_in_range(mallinfo2().uordblks, 0, before + 4096);
	sheets_free(sheets);
}

static void test_validity(void **state)
{
	(void)state;
	char path[128], messages[4096] = "";
	put("xslt/g.rng", "<grammar xmlns='http://relaxng.org/ns/structure/1.0' ns='urn:tenantry:1'><include href='part.rng'/>"
		"<start><element name='page'><attribute name='name'/><ref name='item'/></element></start></grammar>");
	put("xslt/part.rng", "<grammar xmlns='http://relaxng.org/ns/structure/1.0' ns='urn:tenantry:1'><define name='item'>"
		"<element name='item'><text/></element></define></grammar>");
	snprintf(path, sizeof path, "%s/g.rng", dir);
	FILE *errors = fmemopen(messages, sizeof messages, "w");
	DOC_AUTO good = sample("name");
	assert_true(doc_valid(good, path, errors));
	fflush(errors);
	assert_string_equal(messages, "");
	DOC_AUTO bad = doc_new("page");
	doc_attr(bad, "nome", "x");
	assert_false(doc_valid(bad, path, errors));
	fclose(errors);
	assert_non_null(strstr(messages, "document:0: /"));
	assert_false(doc_valid(good, "/nonexistent/g.rng", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, remove_top)
		T(test_values_never_become_markup),
		T(test_poisoned_text_still_makes_a_document),
		T(test_empty_and_absent_values),
		T(test_long_formatted_values_are_whole),
		T(test_a_document_too_large_is_said),
		T(test_a_grid_shows_what_was_filled_last_and_nothing_else),
		T(test_misuse_ends_the_process),
		T(test_parsing_refuses_what_we_never_write),
		T(test_parsing_drops_indentation_alone),
		T(test_html_output),
		T(test_text_output_is_not_escaped), T(test_a_sheet_that_strips_space_leaves_the_document_whole),
		T(test_output_too_large_is_an_error),
		T(test_the_set_has_its_sheets),
		T(test_faulty_sheets_are_refused_with_their_place),
		T(test_a_directory_that_is_not_there_is_refused),
		T(test_a_running_sheet_reads_and_writes_nothing),
		T(test_endless_sheets_end),
		T(test_memory_stays_flat),
		T(test_validity),
#undef T
	};
	xml_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
