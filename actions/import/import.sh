#!/usr/bin/env bash
# Validates a folder and imports it, one of them or both, as the vendor's action does.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../runner.sh
. "$here/../runner.sh"

check_project
check_folder
validate=yes
import=yes
if is_true import_only "$INPUT_IMPORT_ONLY"; then validate=no; fi
if is_true validate_only "$INPUT_VALIDATE_ONLY"; then import=no; fi
[ "$validate$import" != nono ] || fail "Descope import" "validate_only and import_only leave nothing to do: switch on one of them at most."
folder=$(own_folder import)
keep_secrets "$folder" "${INPUT_SECRETS:-[]}"
unset INPUT_SECRETS

# run <the words behind `descope project snapshot`>
run() {
  local status=0
  descope project snapshot "$@" --path="$INPUT_FILES_PATH" --secrets-input="$kept_secrets" >"$folder/said" 2>&1 || status=$?
  show "$folder/said"
  return "$status"
}

if [ "$validate" = yes ]; then
  missing=$folder/missing-secrets.json
  failures=$folder/failures.txt
  status=0
  run validate "$INPUT_PROJECT_ID" --secrets-output="$missing" --failures-output="$failures" || status=$?
  output missing_secrets_file "$(if [ "$status" -eq 2 ] && [ -s "$missing" ]; then printf '%s' "$missing"; fi)"
  output failure_file "$(if [ "$status" -eq 2 ] && [ -s "$failures" ]; then printf '%s' "$failures"; fi)"
  [ "$status" -ne 2 ] || fail "Descope import" "The snapshot cannot be imported: nothing was written. What stands in the way is listed above." 2
  [ "$status" -eq 0 ] || fail "Descope import" "The snapshot could not be validated: descope ended with status $status. Nothing was written." "$status"
fi
if [ "$import" = yes ]; then
  status=0
  run import "$INPUT_PROJECT_ID" || status=$?
  [ "$status" -eq 0 ] || fail "Descope import" "The import failed: descope ended with status $status. Its message stands above." "$status"
fi
