# Makes C of the SQL files of this directory.
#
#   awk -f generate.awk -v out=h          statements/*.sql  > statements.h
#   awk -f generate.awk -v out=c          statements/*.sql  > statements.c
#   awk -f generate.awk -v out=migrations migrations/*.sql  > migrations.c
#
# A statement begins with "-- name: customer_by_id"; "-- exempt: why" says why it needs no SCOPE(alias);
# other comments are dropped and white space outside of quotes is folded. A migration is kept
# byte by byte, since its checksum is stored. Written for any awk (mawk, gawk, BusyBox).

function fail(message)
{
	printf "%s:%d: %s\n", FILENAME, FNR, message | "cat 1>&2"
	failed = 1
	exit 1
}

function c_text(text)
{
	gsub(/\\/, "\\\\&", text)
	gsub(/"/, "\\\"", text)
	gsub(/\t/, "\\t", text)
	gsub(/\r/, "\\r", text)
	return "\"" text "\""
}

# Adds one line of SQL to the statement at hand: comments off, blanks folded, values counted.
function add_sql(line,    i, c, length_)
{
	length_ = length(line)
	if (quote == "")
		blank = 1
	for (i = 1; i <= length_; i++) {
		c = substr(line, i, 1)
		if (quote != "") {
			sql = sql c
			if (c == quote)
				quote = ""
			continue
		}
		if (c == "-" && substr(line, i, 2) == "--" && (i + 2 > length_ || substr(line, i + 2, 1) ~ /[ \t]/))
			return
		if (c ~ /[ \t\r]/) {
			blank = 1
			continue
		}
		if (ended)
			fail("more than one statement under the name " name)
		if (c == ";") {
			ended = 1
			continue
		}
		if (blank && sql != "")
			sql = sql " "
		blank = 0
		if (c == "'" || c == "\"" || c == "`")
			quote = c
		else if (c == "?")
			marks++
		if (c == "S" && substr(line, i, 6) == "SCOPE(")
			scoped = 1
		sql = sql c
	}
	if (quote != "")
		fail("a quoted text that does not end on its line")
}

function end_statement()
{
	if (name == "")
		return
	if (sql == "")
		fail("no statement under the name " name)
	names[count] = name
	texts[count] = sql
	exempts[count] = exempt
	scopes[count] = scoped
	values[count] = marks
	count++
	name = ""
}

function begin_statement(word)
{
	end_statement()
	if (word !~ /^[a-z][a-z0-9_]*$/)
		fail("a name is made of a-z, 0-9 and _: " word)
	if (word in seen)
		fail("the name " word " is taken")
	seen[word] = 1
	name = word
	sql = exempt = quote = ""
	scoped = marks = ended = 0
	blank = 1
}

function base_name(path)
{
	sub(/^.*\//, "", path)
	return path
}

BEGIN {
	count = 0
	name = ""
	if (out != "h" && out != "c" && out != "migrations") {
		print "generate.awk: out must be h, c or migrations" | "cat 1>&2"
		failed = 1
		exit 1
	}
}

out == "migrations" {
	if (FNR == 1) {
		file = base_name(FILENAME)
		if (file !~ /^[0-9][0-9][0-9][0-9]-[a-z0-9-]+\.sql$/)
			fail("a migration is called NNNN-title.sql")
		count++
		numbers[count] = substr(file, 1, 4) + 0
		if (numbers[count] != count)
			fail("migrations are numbered without gaps; this should be " count)
		titles[count] = substr(file, 6, length(file) - 9)
	}
	bodies[count] = bodies[count] "\n\t\t" c_text($0 "\n")
	sub(/\n"$/, "\\n\"", bodies[count])
	next
}

FNR == 1 { end_statement() }

/^-- name:/ {
	word = $0
	sub(/^-- name:[ \t]*/, "", word)
	sub(/[ \t\r]+$/, "", word)
	begin_statement(word)
	next
}

/^-- exempt:/ {
	if (name == "")
		fail("an exemption that belongs to no statement")
	exempt = $0
	sub(/^-- exempt:[ \t]*/, "", exempt)
	sub(/[ \t\r]+$/, "", exempt)
	if (exempt == "")
		fail("an exemption has a reason")
	next
}

/^[ \t]*--([ \t]|$)/ { next }
/^[ \t\r]*$/ { next }

{
	if (name == "")
		fail("SQL before the first name")
	add_sql($0)
}

END {
	if (failed)
		exit 1
	end_statement()
	if (failed)
		exit 1
	print "/* Made by generate.awk. */"
	if (out == "h") {
		print "#ifndef TENANTRY_DB_STATEMENTS_H\n#define TENANTRY_DB_STATEMENTS_H\n"
		print "enum statement {"
		for (i = 0; i < count; i++)
			printf "\tSTMT_%s,\n", toupper(names[i])
		print "\tSTMT__MAX\n};\n\n#endif"
	} else if (out == "c") {
		print "#include \"db/statement.h\"\n"
		print "const struct statement_row statements[STMT__MAX] = {"
		for (i = 0; i < count; i++)
			printf "\t{ \"%s\", %s,\n\t\t%s, %s, %d },\n", names[i], c_text(texts[i]), \
				exempts[i] == "" ? "NULL" : c_text(exempts[i]), scopes[i] ? "true" : "false", values[i]
		print "};"
	} else {
		print "#include \"db/migration.h\"\n"
		print "const struct migration migrations[] = {"
		for (i = 1; i <= count; i++)
			printf "\t{ %d, \"%s\",%s },\n", numbers[i], titles[i], bodies[i]
		print "};\n"
		printf "const unsigned migration_count = %d;\n", count
	}
}
