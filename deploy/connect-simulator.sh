#!/bin/sh
# The profile "try": connects the simulated Freshservice account, once. What Entra would need (Tenant URL and Secret
# Token) is kept in FRESH_SCIM_DATA_DIR/connection.json and is not printed, because this output is a log.
set -eu
app=$(cd "$(dirname "$0")/.." && pwd)
kept=$FRESH_SCIM_DATA_DIR/connection.json
name=simulator

fresh_scim() {
  node "$app/apps/cli/src/main.ts" "$@"
}

if [ -s "$kept" ] && fresh_scim connection show "$name" >/dev/null 2>&1; then
  echo "The connection \"$name\" is there already; what a SCIM client needs is in $kept."
  exit 0
fi

umask 077
printf '%s\n' "$FRESHSERVICE_SIM_API_KEY" |
  fresh_scim connection add --name "$name" --domain acme.freshservice.test --base-url "$SIMULATOR_URL" \
    --api-key-file - --json >"$kept.new"
mv "$kept.new" "$kept"
echo "Connected as \"$name\"; what a SCIM client needs is in $kept."
