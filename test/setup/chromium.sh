#!/bin/sh
# Debian's Chromium for tests; does nothing where it is there already.
set -eu

[ -x "${CHROMIUM:-/usr/bin/chromium}" ] && exit
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "missing and not to be installed by this user: chromium" >&2
  exit 3
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends chromium
