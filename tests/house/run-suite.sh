#!/bin/sh
# The whole suite in three parts side by side: two of them start real programs and mostly wait for them, so they
# go first; the rooms take what is left of the processor.
set -u
bin=$1
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
part() {
  nice=$1
  shift
  nice -n "$nice" "$bin/coverage" run -p -m pytest -p no:cacheprovider "$@"
}
"$bin/coverage" erase
part 10 --ignore=tests/e2e --ignore=tests/interop >"$logs/rooms" 2>&1 &
rooms=$!
part 0 tests/interop >"$logs/interop" 2>&1 &
interop=$!
part 0 tests/e2e
failed=$?
wait $interop || failed=1
cat "$logs/interop"
wait $rooms || failed=1
cat "$logs/rooms"
"$bin/coverage" combine --quiet
exit $failed
