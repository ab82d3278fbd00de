#!/bin/sh
# A Chromium for the browser tests: the one that is there, else Playwright's download, else
# Debian's package. $1 is the Python of the virtual environment.
set -eu
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if "$1" -m playwright install chromium >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null
    exit 0
fi
echo "浏览器测试需要 Chromium:apt-get install chromium fonts-noto-cjk / browser tests need Chromium" >&2
exit 1
