# shellcheck shell=bash
# Comments, pull requests and issues, through `gh` and with the token that came in GH_TOKEN. To be sourced by bash, behind runner.sh.

# Only gh gets the token. What else runs here works on files that somebody proposed.
github_token=${GH_TOKEN:-}
unset GH_TOKEN GITHUB_TOKEN

gh() {
  # Servers of companies are addressed by their own name, and have a variable of their own for the token.
  case ${GITHUB_SERVER_URL:-https://github.com} in
    https://github.com) GH_TOKEN=$github_token command gh "$@" ;;
    *) GH_HOST=${GITHUB_SERVER_URL#*://} GH_ENTERPRISE_TOKEN=$github_token command gh "$@" ;;
  esac
}

# check_github: the tool and a token are there.
check_github() {
  type -P gh >/dev/null || fail "Descope" "This needs gh, the GitHub CLI, which this runner does not have. $1"
  [ -n "$github_token" ] || fail "Descope" "The input token is empty. $1"
}

# first_line <text>
first_line() {
  printf '%s' "${1%%$'\n'*}"
}

# put_comment <number of the pull request> <marker> <file>: writes the comment that begins with the marker, anew where this token wrote
# one before. Comments of others are left alone, whatever they begin with.
put_comment() {
  local number=$1 found id
  # shellcheck disable=SC2016 # GraphQL's variables.
  found=$(MARKER=$2 gh api graphql --paginate \
    -f owner="${GITHUB_REPOSITORY%%/*}" -f name="${GITHUB_REPOSITORY#*/}" -F number="$number" \
    -f query='query($owner: String!, $name: String!, $number: Int!, $endCursor: String) {
      repository(owner: $owner, name: $name) {
        pullRequest(number: $number) {
          comments(first: 100, after: $endCursor) {
            nodes { id body viewerDidAuthor }
            pageInfo { hasNextPage endCursor }
          }
        }
      }
    }' \
    --jq '.data.repository.pullRequest.comments.nodes[] | select(.viewerDidAuthor and (.body | startswith(env.MARKER))) | .id') ||
    return 1
  id=$(first_line "$found")
  if [ -n "$id" ]; then
    # shellcheck disable=SC2016
    gh api graphql -f id="$id" -F body="@$3" \
      -f query='mutation($id: ID!, $body: String!) { updateIssueComment(input: { id: $id, body: $body }) { issueComment { url } } }' \
      --jq .data.updateIssueComment.issueComment.url
  else
    gh api "repos/$GITHUB_REPOSITORY/issues/$number/comments" -F body="@$3" --jq .html_url
  fi
}

# own_issue <marker>: the number of the open issue that this token wrote and that begins with the marker; nothing where there is none.
own_issue() {
  local found
  # shellcheck disable=SC2016
  found=$(MARKER=$1 gh api graphql --paginate \
    -f owner="${GITHUB_REPOSITORY%%/*}" -f name="${GITHUB_REPOSITORY#*/}" \
    -f query='query($owner: String!, $name: String!, $endCursor: String) {
      repository(owner: $owner, name: $name) {
        issues(first: 100, after: $endCursor, states: OPEN, orderBy: { field: CREATED_AT, direction: DESC }) {
          nodes { number body viewerDidAuthor }
          pageInfo { hasNextPage endCursor }
        }
      }
    }' \
    --jq '.data.repository.issues.nodes[] | select(.viewerDidAuthor and (.body | startswith(env.MARKER))) | .number') ||
    return 1
  first_line "$found"
}
