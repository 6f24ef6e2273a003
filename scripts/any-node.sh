#!/bin/sh
# Runs a script of plain JavaScript: sh scripts/any-node.sh FILE ARGS. In a script of package.json, `node` is the
# workspace's own, because npm and pnpm put node_modules/.bin first on PATH. Where that one does not start yet, for want
# of a library which the launcher will fetch, the machine's own is taken.
set -f
IFS=:
for folder in ${npm_node_execpath%/*} $PATH; do
  "$folder/node" --version >/dev/null 2>&1 && exec "$folder/node" "$@"
done
echo 'fresh-scim needs Node 18 or newer on PATH.' >&2
exit 1
