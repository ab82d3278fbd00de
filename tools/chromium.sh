#!/bin/sh
# A Chromium for the browser tests: the one that is there, else Debian's headless one (a third less
# work a page than the one with windows), else Playwright's download. $1 is the Python of the
# virtual environment.
set -eu
for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    for name in chromium-headless-shell chromium; do
        if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$name" fonts-noto-cjk \
            >/dev/null 2>&1; then exit 0; fi
    done
fi
if "$1" -m playwright install chromium >/dev/null 2>&1; then exit 0; fi
echo "浏览器测试需要 Chromium:apt-get install chromium-headless-shell fonts-noto-cjk" \
    "/ browser tests need Chromium" >&2
exit 1
