#!/usr/bin/env bash
# Installs what changing core-rs needs, and only what is missing: Rust for WebAssembly and a linker (Debian's, or rustup's
# nightly where that is complete), wasm-bindgen and wasm-pack (crates.io), binaryen (npm), and for the tests valgrind,
# Chromium, cargo-fuzz and a few parts of rustup. Run it again at any time.
#
#     scripts/setup_toolchain.sh [--wasm-only]
#
# Tools built here go to ~/.cache/penjing/tools, where the scripts look for them. A part that cannot be installed is told;
# the exit status is 1 if that leaves no way to build the modules.
set -u
exec </dev/null

wasm_bindgen=0.2.130
wasm_pack=0.15.1
binaryen=132.0.0
tools="${XDG_CACHE_HOME:-$HOME/.cache}/penjing/tools"
export PATH="$PATH:$tools/bin"
all=true
[ "${1:-}" = --wasm-only ] && all=false

have() { command -v "$1" >/dev/null 2>&1; }
say() { echo "setup: $*"; }

# Runs a command, quietly unless it fails.
attempt() {
  local log
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    rm -f "$log"
  else
    say "failed: $*"
    tail -n 15 "$log"
    rm -f "$log"
    return 1
  fi
}

as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n)
lists_fresh=false
apt_install() {
  have apt-get || { say "no apt-get, so not installed: $*"; return 1; }
  if ! $lists_fresh; then
    # Without the network the lists at hand may still do.
    attempt "${as_root[@]}" apt-get update -q || true
    lists_fresh=true
  fi
  say "installing $*"
  attempt "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

# Prints the first folder whose rustc has the sources of its standard library.
wasm_rust() {
  local bin root
  for bin in /usr/bin "$(dirname "$(rustup which --toolchain nightly rustc 2>/dev/null)")"; do
    [ -x "$bin/rustc" ] && [ -x "$bin/cargo" ] || continue
    root=$("$bin/rustc" --print sysroot) || continue
    [ -f "$root/lib/rustlib/src/rust/library/Cargo.lock" ] && { echo "$bin"; return 0; }
  done
  return 1
}

crate_install() { # name version
  say "building $1 $2 (a few minutes)"
  attempt cargo install "$1" --version "$2" --locked --root "$tools"
}

if ! wasm_rust >/dev/null; then apt_install rustc-web cargo-web rust-web-src; fi
if ! have wasm-ld-22 && ! have wasm-ld && [ "$(wasm_rust)" = /usr/bin ]; then apt_install lld-22; fi
if [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $wasm_bindgen" ]; then
  # Another version that comes first on PATH would hide ours; build_wasm.ts puts ours first.
  [ "$("$tools/bin/wasm-bindgen" --version 2>/dev/null)" = "wasm-bindgen $wasm_bindgen" ] ||
    crate_install wasm-bindgen-cli $wasm_bindgen
fi
if [ "$(wasm-pack --version 2>/dev/null)" != "wasm-pack $wasm_pack" ]; then
  [ "$("$tools/bin/wasm-pack" --version 2>/dev/null)" = "wasm-pack $wasm_pack" ] ||
    crate_install wasm-pack $wasm_pack
fi
have npm && attempt npm exec --yes --package=binaryen@$binaryen -- wasm-opt --version

if $all; then
  have valgrind || apt_install valgrind
  have chromium || have chromium-browser || have google-chrome || apt_install chromium
  if have rustup; then
    cargo clippy --version >/dev/null 2>&1 || attempt rustup component add clippy
    cargo fmt --version >/dev/null 2>&1 || attempt rustup component add rustfmt
    rustup target list --installed 2>/dev/null | grep -qx wasm32-wasip1 || attempt rustup target add wasm32-wasip1
    if rustup run nightly cargo --version >/dev/null 2>&1; then
      have cargo-fuzz || { say "building cargo-fuzz"; attempt cargo install cargo-fuzz --locked --root "$tools"; }
    else
      say "no nightly toolchain of rustup, so test:fuzz will be skipped"
    fi
  else
    say "no rustup, so format, clippy, the tests under Node and test:fuzz will be skipped"
  fi
fi

if bin=$(wasm_rust); then
  say "$("$bin/rustc" --version); $(wasm-bindgen --version 2>&1); $(wasm-pack --version 2>&1)"
else
  say "no Rust that can build for WebAssembly; the committed modules still serve"
  exit 1
fi
