# Sourced by the suites of node's test runner that ./dev test runs (tests/*/run), in their folder.

# suite INSTANCES CONCURRENCY [FILE...]: runs all tests, or those of some files; the last line is "N passed, N failed".
# INSTANCES are the private instances that the files start beside the one they are given (startInstance() of
# instance.mjs): what a test that was broken off has left of them is ended, before and after.
suite()
{
	local instances=$1 concurrency=$2 name
	shift 2
	for name in TENANTRY_URL TENANTRY_STATE TENANTRY_DEV TENANTRY_BUILD; do
		[ -n "${!name:-}" ] || { printf '%s is not set: use ./dev test\n' "$name" >&2; exit 1; }
	done
	# shellcheck disable=SC2064
	trap "end_instances $instances" EXIT
	# shellcheck disable=SC2086
	end_instances $instances
	[ $# -gt 0 ] || set -- ./*.test.mjs
	node --test --test-concurrency="$concurrency" --test-reporter=../lib/reporter.mjs "$@"
}

end_instances()
{
	local name
	for name in "$@"; do
		[ -d "$TENANTRY_STATE-$name" ] || continue
		"$TENANTRY_DEV" stop --state "$TENANTRY_STATE-$name" > /dev/null
		rm -rf "${TENANTRY_STATE:?}-$name"
	done
}
