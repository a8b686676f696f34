#!/usr/bin/env bash
# Exports a project into the checkout, lists what git sees as changed there, and proposes it in a pull request where that is wanted.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../runner.sh
. "$here/../runner.sh"
# shellcheck source=../github.sh
. "$here/../github.sh"

check_project
path=$INPUT_FILES_PATH
[ -n "$path" ] || fail "Descope export" "The input files_path is empty: name the folder of the snapshot."
git rev-parse --is-inside-work-tree >/dev/null 2>&1 ||
  fail "Descope export" "This is no git checkout: run actions/checkout before, without a path of its own."
propose=no
if is_true pull_request "$INPUT_PULL_REQUEST"; then
  propose=yes
  check_github "The pull request is opened with it; turn that off with pull_request: false."
  branch=${INPUT_BRANCH:-descope/export-$INPUT_PROJECT_ID}
  git check-ref-format --branch "$branch" >/dev/null 2>&1 || fail "Descope export" "The input branch is no name that git takes for a branch."
  base=${INPUT_BASE_BRANCH:-${GITHUB_REF_NAME:-}}
  case ${GITHUB_REF:-} in
    refs/heads/*) ;;
    *) [ -n "$INPUT_BASE_BRANCH" ] || fail "Descope export" "This run is not of a branch: name the one that the pull request goes to with the input base_branch." ;;
  esac
  [ "$branch" != "$base" ] || fail "Descope export" "The input branch is the branch that the pull request goes to."
fi
folder=$(own_folder export)

set -- "$INPUT_PROJECT_ID" --path="$path"
if [ -n "$INPUT_ENVIRONMENT" ]; then set -- "$@" --env="$INPUT_ENVIRONMENT"; fi
if is_true prune "$INPUT_PRUNE"; then set -- "$@" --prune; fi
status=0
descope project snapshot export "$@" >"$folder/said" 2>&1 || status=$?
show "$folder/said"
[ "$status" -eq 0 ] || fail "Descope export" "Nothing was exported: descope ended with status $status. Its message stands above."

changed=$folder/changes.txt
git -c core.quotePath=false status --porcelain=v1 --untracked-files=all --no-renames -- "$path" | cut -c 4- >"$changed"
if [ ! -s "$changed" ]; then
  echo "The folder is what the project holds: no file changed."
  output changes_file ""
  output pull_request_number ""
  exit 0
fi
printf '%s changed:\n' "$(wc -l <"$changed" | tr -d ' ') file(s)"
show "$changed"
output changes_file "$changed"
[ "$propose" = yes ] || exit 0

# In the product's words where there was a snapshot before; git's list where not.
body=$folder/body.md
if ! descope project snapshot diff "git:HEAD:$path" "$path" --format=markdown --max-chars=60000 >"$body" 2>/dev/null || [ ! -s "$body" ]; then
  printf 'The settings of the Descope project, as files: %s of them are new or changed.\n' "$(wc -l <"$changed" | tr -d ' ')" >"$body"
fi
printf '\nExported by [this run](%s).\n' "$(run_address)" >>"$body"
summary "$body"

# The commit is made beside the checkout, which stays on its branch with the files as they are now.
export GIT_INDEX_FILE=$folder/index
git read-tree HEAD
git add --all -- "$path"
tree=$(git write-tree)
unset GIT_INDEX_FILE
head=$(git rev-parse HEAD)
commit=$(
  export GIT_AUTHOR_NAME='github-actions[bot]' GIT_AUTHOR_EMAIL='41898282+github-actions[bot]@users.noreply.github.com'
  export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
  printf '%s\n' "$INPUT_TITLE" | git commit-tree "$tree" -p "$head"
)
there=$(git ls-remote origin "refs/heads/$branch") || fail "Descope export" "The branch $branch could not be asked for: git reached no remote repository."
there=${there%%[[:space:]]*}
is_there=no
if [ -n "$there" ]; then
  git fetch --quiet origin "refs/heads/$branch"
  # The same files on the same commit: nothing to push again.
  if [ "$(git rev-parse "$there^{tree}")" = "$tree" ] && [ "$(git rev-parse --quiet --verify "$there^1" || true)" = "$head" ]; then is_there=yes; fi
fi
if [ "$is_there" = no ]; then
  git push --quiet --force-with-lease="refs/heads/$branch:$there" origin "$commit:refs/heads/$branch" ||
    fail "Descope export" "The branch $branch could not be pushed. The job needs the permission contents: write, and actions/checkout must keep its credentials. Where somebody pushed to it at the same time, run again."
fi

number=$(gh api --method GET "repos/$GITHUB_REPOSITORY/pulls" -f state=open -f head="${GITHUB_REPOSITORY%%/*}:$branch" -f base="$base" --jq '.[0].number // empty') ||
  fail "Descope export" "The open pull requests could not be read: the token needs the permission pull-requests: write."
if [ -n "$number" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/pulls/$number" -f title="$INPUT_TITLE" -F body="@$body" --jq .html_url ||
    fail "Descope export" "The pull request $number could not be edited: the token needs the permission pull-requests: write."
else
  number=$(gh api "repos/$GITHUB_REPOSITORY/pulls" -f title="$INPUT_TITLE" -f head="$branch" -f base="$base" -F body="@$body" --jq .number) ||
    fail "Descope export" "The pull request could not be opened: the token needs the permission pull-requests: write, and the repository's settings must allow GitHub Actions to create pull requests (Settings, Actions, General)."
fi
printf 'Pull request %s\n' "$number"
output pull_request_number "$number"
