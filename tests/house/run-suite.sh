#!/bin/sh
# The whole suite: first what drives a browser and real lumads, by itself, for it minds the time; then the rooms
# and the judgement of other programs side by side.
set -u
bin=$1
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
part() {
  "$bin/coverage" run -p -m pytest -p no:cacheprovider "$@"
}
"$bin/coverage" erase
part tests/e2e
failed=$?
part tests/interop >"$logs/interop" 2>&1 &
interop=$!
part --ignore=tests/e2e --ignore=tests/interop || failed=1
wait $interop || failed=1
cat "$logs/interop"
"$bin/coverage" combine --quiet
exit $failed
