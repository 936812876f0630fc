#!/usr/bin/env bash
# Installs the Debian packages of packages.txt that are missing; asks sudo when not root.
set -euo pipefail
cd "$(dirname "$0")"  # packages.txt lies beside this file

if ! command -v dpkg-query >/dev/null; then
    echo "setup: this is not a Debian system; install the counterparts of packages.txt by hand." >&2
    exit 2
fi

missing=()
for package in $(grep -v '^#' packages.txt); do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "setup: these packages are missing and there is no sudo; as root, run:" >&2
        echo "  apt-get install ${missing[*]}" >&2
        exit 2
    }
    as_root=(sudo)
fi
echo "setup: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
