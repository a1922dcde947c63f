#!/bin/sh
# The units must be accepted without a word; what they run is pointed at a program that exists here.
set -eu
if ! command -v systemd-analyze >/dev/null 2>&1; then
  [ "${LUMAD_CI:-}" = 1 ] && { echo "systemd-analyze is missing" >&2; exit 1; }
  echo "systemd-analyze is not here: the unit files are not verified"
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for unit in systemd/*.service; do
  file="$folder/${unit##*/}"
  sed "s#/usr/bin/lumad\|/bin/ip #$(command -v true) #" "$unit" >"$file"
  said=$(systemd-analyze verify "$file" 2>&1) || true
  [ -z "$said" ] || { echo "$said" >&2; exit 1; }
  echo "systemd accepts $unit"
done
