#!/usr/bin/env bash
# Applies what was reviewed: a plan's file, or the folder held against the fingerprint that was approved.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../runner.sh
. "$here/../runner.sh"

check_project
if [ -z "$INPUT_FINGERPRINT" ] && [ -z "$INPUT_PLAN_FILE" ]; then
  fail "Descope apply" "Nothing says what was approved: give the input fingerprint with the plan's fingerprint, or plan_file with its file."
fi
folder=$(own_folder apply)
said=$folder/apply.txt
receipt=${INPUT_RECEIPT:-.descope/receipts/$INPUT_PROJECT_ID.json}
backup=${INPUT_BACKUP:-$folder/backup}

set -- "$INPUT_PROJECT_ID" --receipt="$receipt" --backup="$backup"
if [ -n "$INPUT_PLAN_FILE" ]; then
  [ -f "$INPUT_PLAN_FILE" ] || fail "Descope apply" "There is no file $INPUT_PLAN_FILE (the input plan_file). Was the artifact downloaded?"
  set -- "$@" --plan="$INPUT_PLAN_FILE"
  [ -z "$INPUT_MAX_AGE" ] || set -- "$@" --max-age="$INPUT_MAX_AGE"
else
  check_folder
  set -- "$@" --path="$INPUT_FILES_PATH"
  [ -z "$INPUT_ENVIRONMENT" ] || set -- "$@" --env="$INPUT_ENVIRONMENT"
  [ -z "$INPUT_BASE" ] || set -- "$@" --base="$INPUT_BASE"
  [ -z "$INPUT_ONLY" ] || set -- "$@" --only="$INPUT_ONLY"
  [ -z "$INPUT_EXCEPT" ] || set -- "$@" --except="$INPUT_EXCEPT"
  [ -z "$INPUT_RESOLVE" ] || set -- "$@" --resolve="$INPUT_RESOLVE"
  [ -z "$INPUT_UNPROTECT" ] || set -- "$@" --unprotect="$INPUT_UNPROTECT"
  if is_true prune "$INPUT_PRUNE"; then set -- "$@" --prune; fi
fi
[ -z "$INPUT_FINGERPRINT" ] || set -- "$@" --expect="$INPUT_FINGERPRINT"
[ -z "$INPUT_ALLOW_DELETE" ] || set -- "$@" --allow-delete="$INPUT_ALLOW_DELETE"
if [ -n "$INPUT_CONFIRM" ]; then set -- "$@" --confirm="$INPUT_CONFIRM"; else set -- "$@" --yes; fi
if is_true strict "$INPUT_STRICT"; then set -- "$@" --strict; fi
if [ -n "$INPUT_SECRETS" ]; then
  keep_secrets "$folder" "$INPUT_SECRETS"
  set -- "$@" --secrets-input="$kept_secrets"
fi
unset INPUT_SECRETS

status=0
descope project snapshot apply "$@" >"$said" 2>"$folder/messages" || status=$?
show "$folder/messages"
show "$said"
cat "$folder/messages" >>"$said"
case $status in
  0) outcome=applied && if grep -q '^Nothing to do' "$said"; then outcome=nothing_to_do; fi ;;
  2) outcome=refused ;;
  *) outcome=failed ;;
esac
output outcome "$outcome"
output reason "$(sed -n 's/^Refused (\([a-z_]*\)).*/\1/p' "$said")"
output backup_path "$(if [ -d "$backup" ]; then printf '%s' "$backup"; fi)"
output receipt_file "$(if [ -f "$receipt" ]; then printf '%s' "$receipt"; fi)"
summary_of_text "Descope apply: ${outcome//_/ }" "$said"
case $outcome in
  refused) fail "Descope apply" "Refused: nothing was written. Why stands above, and in the summary of this job. Plan and review again." 2 ;;
  failed) fail "Descope apply" "Failed, or not verified: descope ended with status $status. What was applied and how to roll back stands above, and in the summary of this job." "$status" ;;
esac
