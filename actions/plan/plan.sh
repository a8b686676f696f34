#!/usr/bin/env bash
# Plans, shows the plan in the job's summary and in one comment of the pull request, and gives back what an apply needs to know.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../runner.sh
. "$here/../runner.sh"
# shellcheck source=../github.sh
. "$here/../github.sh"

check_project
check_folder
comments=no
if is_true comment "$INPUT_COMMENT" && [ -n "${PULL_REQUEST:-}" ]; then
  comments=yes
  check_github "A plan is written into a comment with it; turn that off with comment: false."
fi
folder=$(own_folder plan)
plan=$folder/plan.json
text=$folder/plan.md
messages=$folder/messages

set -- "$INPUT_PROJECT_ID" --path="$INPUT_FILES_PATH" --format=markdown --out="$plan"
[ -z "$INPUT_ENVIRONMENT" ] || set -- "$@" --env="$INPUT_ENVIRONMENT"
[ -z "$INPUT_BASE" ] || set -- "$@" --base="$INPUT_BASE"
[ -z "$INPUT_RECEIPT" ] || set -- "$@" --receipt="$INPUT_RECEIPT"
[ -z "$INPUT_ONLY" ] || set -- "$@" --only="$INPUT_ONLY"
[ -z "$INPUT_EXCEPT" ] || set -- "$@" --except="$INPUT_EXCEPT"
[ -z "$INPUT_RESOLVE" ] || set -- "$@" --resolve="$INPUT_RESOLVE"
[ -z "$INPUT_UNPROTECT" ] || set -- "$@" --unprotect="$INPUT_UNPROTECT"
[ -z "$INPUT_FAIL_ON" ] || set -- "$@" --fail-on="$INPUT_FAIL_ON"
if is_true prune "$INPUT_PRUNE"; then set -- "$@" --prune; fi
if is_true validate "$INPUT_VALIDATE"; then set -- "$@" --validate; fi
if [ -n "$INPUT_SECRETS" ]; then
  keep_secrets "$folder" "$INPUT_SECRETS"
  set -- "$@" --secrets-input="$kept_secrets"
fi
unset INPUT_SECRETS

status=0
descope project snapshot plan "$@" >"$text" 2>"$messages" || status=$?
show "$messages"
if [ "$status" -ne 0 ] && [ "$status" -ne 2 ] || [ ! -s "$plan" ]; then
  # An earlier plan must not stand there as if it were the one of this commit.
  if [ "$comments" = yes ]; then
    {
      printf '%s-->\n### Descope plan: failed\n\n' "$(marker plan "$INPUT_PROJECT_ID" "$INPUT_ENVIRONMENT")"
      printf 'No plan could be made of commit %s. What happened is in [the log of the run](%s).\n' "${GITHUB_SHA:-}" "$(run_address)"
    } >"$text"
    put_comment "$PULL_REQUEST" "$(marker plan "$INPUT_PROJECT_ID" "$INPUT_ENVIRONMENT")" "$text" >/dev/null || true
  fi
  fail "Descope plan" "No plan could be made: descope ended with status $status. Its message stands above."
fi

# The file has one form: members of the plan itself stand behind two spaces.
fingerprint=$(sed -n 's/^  "fingerprint": "\(dp1-[0-9a-f]*\)".*/\1/p' "$plan")
[ -n "$fingerprint" ] || fail "Descope plan" "The plan has no fingerprint."
changes=true
if grep -q '^  "changes": \[\]' "$plan"; then changes=false; fi
applyable=false
if grep -q '^  "applyable": true' "$plan"; then applyable=true; fi

output has_changes "$changes"
output applyable "$applyable"
output fingerprint "$fingerprint"
output plan_file "$plan"
output markdown_file "$text"
summary "$text"
printf 'Plan %s\n' "$fingerprint"
if [ "$comments" = yes ]; then
  begins=$(head -n 1 -- "$text")
  put_comment "$PULL_REQUEST" "${begins%%fp=*}" "$text" ||
    fail "Descope plan" "The plan could not be written into a comment; it is in the summary of this job. The token needs the permission pull-requests: write."
fi
[ "$status" -eq 0 ] || fail "Descope plan" "The plan meets a condition of fail_on: $INPUT_FAIL_ON. It is in the summary of this job." 2
