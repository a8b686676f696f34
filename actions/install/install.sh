#!/usr/bin/env bash
# Puts `descope` on the PATH of the steps that follow: a program that is there already (INPUT_BINARY), or one that is downloaded and
# held against its sum.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../runner.sh
. "$here/../runner.sh"

place=${RUNNER_TEMP:-/tmp}/descope-bin
version=${INPUT_VERSION#v}

# target: this machine as the names of the files have it.
target() {
  local system processor musl=
  case $(uname -s) in
    Linux) system=linux ;;
    Darwin) system=darwin ;;
    MINGW* | MSYS* | CYGWIN*) system=windows ;;
    *) fail "Descope" "There is no program for $(uname -s). Give one with the input binary." ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) processor=x64 ;;
    aarch64 | arm64) processor=arm64 ;;
    *) fail "Descope" "There is no program for $(uname -m). Give one with the input binary." ;;
  esac
  if [ "$system" = linux ] && [ ! -e /lib64/ld-linux-x86-64.so.2 ] && [ ! -e /lib/ld-linux-aarch64.so.1 ]; then musl=-musl; fi
  printf '%s-%s%s' "$system" "$processor" "$musl"
}

# download <address> <file>
download() {
  # Only what is at this machine itself may come without TLS.
  case $1 in
    https://* | http://127.0.0.1[:/]* | http://localhost[:/]*) ;;
    *) fail "Descope" "The input download_url is no https address." ;;
  esac
  curl --fail --silent --show-error --location --proto '=https,http' --proto-redir '=https' \
    --retry 3 --connect-timeout 20 --max-time 600 --output "$2" -- "$1" ||
    fail "Descope" "Could not download $1. Give another place with the input download_url, or a program that is there already with the input binary."
}

sum_of() {
  if command -v sha256sum >/dev/null; then sha256sum -- "$1"; else shasum -a 256 -- "$1"; fi | cut -d ' ' -f 1
}

# version_of <program>: its version; nothing where it does not run.
version_of() {
  local said
  said=$("$1" --version 2>/dev/null) || return 0
  printf '%s' "${said##* }"
}

# repository: where this action comes from, as owner/name; nothing where it is not known. The runner does not always say it, but keeps
# actions in folders that do.
repository() {
  local rest
  if [ -n "${ACTION_REPOSITORY:-}" ]; then
    printf '%s' "$ACTION_REPOSITORY"
  else
    case ${here//\\//} in
      */_actions/*/*/*)
        rest=${here//\\//}
        rest=${rest#*/_actions/}
        printf '%s/%s' "${rest%%/*}" "$(printf '%s' "${rest#*/}" | cut -d / -f 1)"
        ;;
    esac
  fi
}

mkdir -p "$place"
if [ -n "$INPUT_BINARY" ]; then
  [ -f "$INPUT_BINARY" ] || fail "Descope" "There is no file $INPUT_BINARY (the input binary)."
  program=$place/descope
  case $INPUT_BINARY in *.exe) program=$program.exe ;; esac
  rm -f -- "$program"
  full=$(cd -- "$(dirname -- "$INPUT_BINARY")" && pwd)/$(basename -- "$INPUT_BINARY")
  ln -s -- "$full" "$program" 2>/dev/null || cp -- "$full" "$program"
  "$program" --version >/dev/null 2>&1 || fail "Descope" "$INPUT_BINARY (the input binary) does not run on this machine."
else
  [ -n "$version" ] || fail "Descope" "The input version is empty."
  case $version in *[!0-9A-Za-z.+-]*) fail "Descope" "The input version is not a version." ;; esac
  target=$(target)
  extension=
  case $target in windows-*) extension=.exe ;; esac
  program=$place/descope$extension
  if [ ! -f "$program" ] || [ "$(version_of "$program")" != "$version" ]; then
    folder=$(own_folder download)
    trap 'rm -rf -- "$folder"' EXIT
    if [ -n "$INPUT_DOWNLOAD_URL" ]; then
      base=${INPUT_DOWNLOAD_URL%/}
      address=$base/$target/descope$extension
    elif [ -n "$(repository)" ]; then
      # Files of a release have no folders.
      base=$GITHUB_SERVER_URL/$(repository)/releases/download/v$version
      address=$base/descope-$target$extension
    else
      fail "Descope" "It is not known where to download descope from: give the input download_url, or binary."
    fi
    wanted=${INPUT_SHA256:-}
    if [ -z "$wanted" ]; then
      download "$base/SHA256SUMS" "$folder/SHA256SUMS"
      wanted=$(awk -v name="$target/descope$extension" '$2 == name || $2 == "*" name { print $1 }' "$folder/SHA256SUMS")
      [ -n "$wanted" ] || fail "Descope" "SHA256SUMS at $base does not name $target/descope$extension, so the program cannot be checked."
    fi
    download "$address" "$folder/descope"
    got=$(sum_of "$folder/descope")
    [ "$got" = "$wanted" ] || fail "Descope" "What was downloaded from $address is not the program that was released: its SHA-256 is $got, and should be $wanted. It was not run."
    chmod 755 "$folder/descope"
    mv -f -- "$folder/descope" "$program"
    is=$(version_of "$program")
    [ "$is" = "$version" ] || fail "Descope" "The program at $address is version ${is:-that does not run here}, not $version."
  fi
fi
printf '%s\n' "$place" >>"$GITHUB_PATH"
output path "$program"
output version "$(version_of "$program")"
