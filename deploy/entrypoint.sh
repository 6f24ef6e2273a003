#!/bin/sh
# What the image runs: the first word chooses the process. Any other command is run as it is (sh, cat ...).
set -eu
app=$(cd "$(dirname "$0")/.." && pwd)

case "${1:-}" in
  scim-api | worker | console) exec node "$app/apps/$1/src/main.ts" ;;
  cli)
    shift
    exec node "$app/apps/cli/src/main.ts" "$@"
    ;;
  freshservice-sim)
    shift
    exec node "$app/packages/freshservice-sim/src/main.ts" "$@"
    ;;
  '')
    echo 'Give the process to run: scim-api, worker, console, cli ARGS or freshservice-sim ARGS.' >&2
    exit 2
    ;;
  *) exec "$@" ;;
esac
