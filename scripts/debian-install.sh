#!/usr/bin/env bash
# Installs Debian packages, as root or through sudo; says what to type where neither is possible.
set -eu
if [ "$(id -u)" = 0 ]; then as_root=""; elif command -v sudo >/dev/null; then as_root=sudo; else
    echo "These Debian packages are missing: $*. Please ask an administrator for: apt-get install $*" >&2
    exit 1
fi
command -v apt-get >/dev/null || { echo "Please install these with your system's package manager: $*" >&2; exit 1; }
echo "Installing from Debian: $*"
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
