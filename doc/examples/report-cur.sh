#!/bin/sh
# After the pipeline has loaded a Cost and Usage Report: tells Tenantry of the run, by the report's manifest. The line for cron is in
# cron.d-report-cur.
set -eu
started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
status=success
# load "$1" || status=failed
exec tenantry report-run --url https://console.example --token-file /etc/tenantry/ingest.token --manifest "$1" \
	--started "$started" --finished "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --status "$status"
