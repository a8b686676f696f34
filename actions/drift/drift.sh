#!/usr/bin/env bash
# Looks for drift, and keeps one issue that tells of it: opened when there is some, edited while there is, closed when there is none.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../runner.sh
. "$here/../runner.sh"
# shellcheck source=../github.sh
. "$here/../github.sh"

check_project
against=$INPUT_FILES_PATH
[ -n "$against" ] || fail "Descope drift" "The input files_path is empty: name the folder of the snapshot, or the file of a receipt."
[ -e "$against" ] || [ "$against" = receipt ] || fail "Descope drift" "There is no $against (the input files_path). Did actions/checkout run before?"
issues=no
if is_true issue "$INPUT_ISSUE"; then
  issues=yes
  check_github "The issue is written with it; turn that off with issue: false."
fi
folder=$(own_folder drift)
text=$folder/drift.md

set -- "$INPUT_PROJECT_ID" --against="$against" --format=markdown
[ -z "$INPUT_ENVIRONMENT" ] || set -- "$@" --env="$INPUT_ENVIRONMENT"
[ -z "$INPUT_BASE" ] || set -- "$@" --base="$INPUT_BASE"
[ -z "$INPUT_RECEIPT" ] || set -- "$@" --receipt="$INPUT_RECEIPT"
[ -z "$INPUT_ONLY" ] || set -- "$@" --only="$INPUT_ONLY"
[ -z "$INPUT_EXCEPT" ] || set -- "$@" --except="$INPUT_EXCEPT"
[ -z "$INPUT_FAIL_ON" ] || set -- "$@" --fail-on="$INPUT_FAIL_ON"
if is_true who "$INPUT_WHO"; then set -- "$@" --who; fi
status=0
descope project snapshot drift "$@" >"$text" 2>"$folder/messages" || status=$?
show "$folder/messages"
case $status in
  0) drift=false ;;
  2) drift=true ;;
  *) fail "Descope drift" "It is not known whether there is drift: descope ended with status $status. Its message stands above. An open issue was left as it is." "$status" ;;
esac
[ -s "$text" ] || fail "Descope drift" "descope wrote no report."
output drift "$drift"
output report_file "$text"
summary "$text"

if [ "$issues" = yes ]; then
  first=$(head -n 1 -- "$text")
  number=$(own_issue "${first%-->*}") || fail "Descope drift" "The issues could not be read: the token needs the permission issues: write."
  if [ "$drift" = true ]; then
    printf '\nSeen by [this run](%s). The issue is edited while the drift lasts, and closed when it is gone.\n' "$(run_address)" >>"$text"
    if [ -n "$number" ]; then
      gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/$number" -f title="$INPUT_TITLE" -F body="@$text" --jq .html_url ||
        fail "Descope drift" "The issue $number could not be edited: the token needs the permission issues: write."
    else
      number=$(gh api "repos/$GITHUB_REPOSITORY/issues" -f title="$INPUT_TITLE" -F body="@$text" --jq .number) ||
        fail "Descope drift" "The issue could not be opened: the token needs the permission issues: write, and the repository must have issues."
    fi
  elif [ -n "$number" ]; then
    printf 'The drift is gone, as [this run](%s) saw.\n' "$(run_address)" >"$folder/gone.md"
    { gh api "repos/$GITHUB_REPOSITORY/issues/$number/comments" -F body="@$folder/gone.md" --silent &&
      gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/$number" -f state=closed -f state_reason=completed --jq .html_url; } ||
      fail "Descope drift" "The issue $number could not be closed: the token needs the permission issues: write."
  fi
  output issue_number "$number"
fi
if [ "$drift" = false ]; then
  echo "No drift."
elif is_true fail_on_drift "$INPUT_FAIL_ON_DRIFT"; then
  fail "Descope drift" "The project is not what the folder declares. What differs is in the summary of this job." 2
fi
