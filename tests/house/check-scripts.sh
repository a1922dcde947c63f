#!/bin/sh
# The page's scripts: types, lint, format, and tests of what needs no browser. Running lumad never needs Node.
set -eu
for tool in node npm; do
  if ! command -v "$tool" >/dev/null 2>&1; then
    [ "${LUMAD_CI:-}" = 1 ] && { echo "$tool is missing" >&2; exit 1; }
    echo "$tool is not here: the page's scripts are not checked"
    exit 0
  fi
done
tools=node_modules/.bin
if [ ! -x "$tools/tsc" ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  # Not "npm ci": it wants every platform's binary of the linter, and an index may lack one that nobody here runs.
  npm install --no-save --silent --no-audit --no-fund --ignore-scripts || {
    [ "${LUMAD_CI:-}" = 1 ] && exit 1
    echo "npm could not fetch the judges of the page's scripts: they are not checked"
    exit 0
  }
  touch node_modules/.package-lock.json
fi
"$tools/tsc"
"$tools/biome" ci --error-on-warnings .
node --test tests/web/*.test.js
