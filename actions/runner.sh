# shellcheck shell=bash
# How the actions' scripts speak to the runner: messages, outputs, the job's summary. To be sourced by bash.
# What comes of a project (names, texts) is never printed where the runner would read commands in it.

# runner_text <text>: the text as the runner's commands take it.
runner_text() {
  local text=$1
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}

# fail <title> <what happened and what to do> [exit status]
fail() {
  printf '::error title=%s::%s\n' "$(runner_text "$1")" "$(runner_text "$2")"
  exit "${3:-1}"
}

# hide <value>: keeps it out of all that the runner shows from now on.
hide() {
  [ -z "$1" ] || printf '::add-mask::%s\n' "$(runner_text "$1")"
}

# show <file>: prints it as text, whatever it holds.
show() {
  [ -s "$1" ] || return 0
  local word
  word=$(od -An -N 16 -t x1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$word"
  cat -- "$1"
  printf '\n::%s::\n' "$word"
}

# output <name> <value>: an output of the step. The value is one line.
output() {
  case $2 in
    *$'\n'* | *$'\r'*) fail "Descope" "The output $1 would have more than one line." ;;
  esac
  printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# summary <file>: adds Markdown to the job's summary.
summary() {
  { cat -- "$1"; echo; } >>"$GITHUB_STEP_SUMMARY"
}

# summary_of_text <title> <file>: adds plain text to the job's summary.
summary_of_text() {
  {
    printf '### %s\n\n<pre>\n' "$1"
    sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' -e 's/@/\&#64;/g' -- "$2"
    printf '</pre>\n\n'
  } >>"$GITHUB_STEP_SUMMARY"
}

# is_true <name of the input> <value>: whether it is switched on. Refuses what is neither true nor false.
is_true() {
  case $2 in
    true | True | TRUE) return 0 ;;
    false | False | FALSE | '') return 1 ;;
    *) fail "Descope" "The input $1 is true or false, not what was given." ;;
  esac
}

# check_project: the project's id and the key are there, and nothing else stands in their places.
check_project() {
  case $INPUT_PROJECT_ID in
    '') fail "Descope" "The input project_id is empty: give the id of the Descope project (P…)." ;;
    *[!A-Za-z0-9_-]* | -*) fail "Descope" "The input project_id is not the id of a Descope project." ;;
  esac
  if [ -z "${DESCOPE_MANAGEMENT_KEY:-}" ]; then
    if [ -n "${HEAD_REPOSITORY:-}" ] && [ "$HEAD_REPOSITORY" != "$GITHUB_REPOSITORY" ]; then
      fail "Descope" "This pull request comes from a fork, and GitHub gives the secrets of a repository to no fork: there is no management key, so nothing was asked of Descope. Push the branch to this repository to run it, or leave forks out with: if: github.event.pull_request.head.repo.full_name == github.repository"
    fi
    if [ "${GITHUB_ACTOR:-}" = 'dependabot[bot]' ]; then
      fail "Descope" "Dependabot's runs get only the secrets that are set for Dependabot: there is no management key, so nothing was asked of Descope. Add the key to the Dependabot secrets, or leave its pull requests out."
    fi
    fail "Descope" "The input management_key is empty. Is the secret set, for this repository or for the environment of this job, and is its name right?"
  fi
  hide "$DESCOPE_MANAGEMENT_KEY"
  [ -n "${DESCOPE_BASE_URL:-}" ] || unset DESCOPE_BASE_URL
}

# check_folder: the folder of the snapshot is there.
check_folder() {
  [ -n "$INPUT_FILES_PATH" ] || fail "Descope" "The input files_path is empty: name the folder of the snapshot."
  [ -d "$INPUT_FILES_PATH" ] || fail "Descope" "There is no folder $INPUT_FILES_PATH (the input files_path). Did actions/checkout run before?"
}

# own_folder <name>: a new folder of this step, for its user alone.
own_folder() {
  (umask 077 && mktemp -d "${RUNNER_TEMP:-/tmp}/descope-$1.XXXXXX")
}

# keep_secrets <folder> <JSON>: writes secrets into the folder, for its user alone and until the step ends; sets kept_secrets to the file.
keep_secrets() {
  kept_secrets=$1/secrets.json
  trap 'rm -f -- "$kept_secrets"' EXIT
  (umask 077 && printf '%s' "$2" >"$kept_secrets")
}

# marker <kind> <project> <environment>: how the first line of what `descope` writes as Markdown begins.
marker() {
  printf '<!-- descope-%s target=%s env=%s ' "$1" "$(marker_word "$2")" "$(marker_word "${3:-none}")"
}

marker_word() {
  local word=${1##*/}
  printf '%s' "${word%.json}" | tr -c 'A-Za-z0-9_.:/-' _ | sed 's/---*/-/g' | cut -c 1-80
}

# run_address: where this run can be looked at.
run_address() {
  printf '%s/%s/actions/runs/%s' "$GITHUB_SERVER_URL" "$GITHUB_REPOSITORY" "$GITHUB_RUN_ID"
}
