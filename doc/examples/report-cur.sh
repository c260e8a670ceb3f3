#!/bin/sh
# From cron, after the pipeline has loaded a Cost and Usage Report: tells Tenantry of the run, by the report's manifest.
#   */30 * * * * billing /usr/local/bin/report-cur.sh /var/lib/cur/manifest.json
set -eu
started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
status=success
# load "$1" || status=failed
exec tenantry report-run --url https://console.example --token-file /etc/tenantry/ingest.token --manifest "$1" \
	--started "$started" --finished "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --status "$status"
