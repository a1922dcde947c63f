#!/bin/sh
# The page's scripts must at least parse; running lumad never needs Node.
set -eu
if ! command -v node >/dev/null 2>&1; then
  [ "${LUMAD_CI:-}" = 1 ] && { echo "node is missing" >&2; exit 1; }
  echo "node is not here: the page's scripts are not checked"
  exit 0
fi
for script in web/*.js; do node --check "$script"; done
echo "the page's scripts parse"
