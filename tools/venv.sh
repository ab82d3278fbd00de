#!/bin/sh
# Make the virtual environment at $1. Debian keeps the part of Python that does this in a package
# of its own: install it if we may, else say what to install.
set -eu
python=${PYTHON:-}
if [ -z "$python" ]; then
    for candidate in python3.11 python3; do
        if command -v "$candidate" >/dev/null 2>&1; then python=$candidate; break; fi
    done
fi
[ -n "$python" ] || { echo "需要 Python 3.11:apt-get install python3 / Python 3.11 is needed" >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "需要 Python 3.11 或更新 / Python 3.11 or newer is needed: $("$python" -V)" >&2; exit 1; }
if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$python" -m venv "$1"
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    "$python" -m venv "$1"
else
    echo "请先安装 python3-venv(apt-get install python3-venv),再重试 / install python3-venv, then try again" >&2
    exit 1
fi
