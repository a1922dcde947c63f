#!/bin/sh
# The unit must be accepted without a word; ExecStart is pointed at a program that exists here.
set -eu
if ! command -v systemd-analyze >/dev/null 2>&1; then
  [ "${LUMAD_CI:-}" = 1 ] && { echo "systemd-analyze is missing" >&2; exit 1; }
  echo "systemd-analyze is not here: the unit file is not verified"
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sed "s|/usr/bin/lumad|$(command -v true)|" systemd/lumad.service >"$folder/lumad.service"
said=$(systemd-analyze verify "$folder/lumad.service" 2>&1) || true
[ -z "$said" ] || { echo "$said" >&2; exit 1; }
echo "systemd accepts systemd/lumad.service"
