"""Runs checks of the official Python SDK against an emulator and prints what came of each as a line of JSON.

A scenario is a function below `@scenario("what it holds to")`. It waits, which is neither a success nor a failure, while an operation
that it needs is one that the emulator is known not to serve yet.
"""

import base64
import itertools
import json
import os
import re
import time
import traceback
import urllib.parse
import urllib.request

from descope import AuthException, DescopeClient

BASE_URL = os.environ["DESCOPE_BASE_URI"]
PROJECT = os.environ["DESCOPE_PROJECT_ID"]
KEY = os.environ["DESCOPE_MANAGEMENT_KEY"]
PENDING = json.loads(os.environ.get("EMULATOR_PENDING", "[]"))

# The base URL comes from DESCOPE_BASE_URI and the key from DESCOPE_MANAGEMENT_KEY, as documented; the id must be passed.
client = DescopeClient(project_id=PROJECT)
mgmt = client.mgmt

_scenarios = []
_checks = 0
_numbers = itertools.count(1)


def scenario(what):
    def declare(run):
        _scenarios.append((what, run))
        return run

    return declare


def same(actual, expected, what="value"):
    """Holds that two values are equal."""
    global _checks
    _checks += 1
    if actual != expected:
        raise AssertionError(f"{what} is {actual!r} where {expected!r} is right")


def holds(condition, what="it"):
    """Holds that something is true."""
    global _checks
    _checks += 1
    if not condition:
        raise AssertionError(f"{what} does not hold")


def has(actual, expected, what="value"):
    """Holds that a dict has these members, at any depth; other members may be there as well."""
    if isinstance(expected, dict):
        holds(isinstance(actual, dict), f"{what} is a dict and not {actual!r}")
        for key, member in expected.items():
            has(actual.get(key), member, f"{what}.{key}")
    else:
        same(actual, expected, what)


def refused(call, statuses, code=None):
    """Holds that a call is refused with one of these statuses, and with this errorCode where one is given."""
    global _checks
    _checks += 1
    if isinstance(statuses, int):
        statuses = [statuses]
    try:
        result = call()
    except AuthException as error:
        text = str(error.error_message)
        body = {}
        try:
            body = json.loads(text)
        except ValueError:
            pass
        if error.status_code not in statuses or (code is not None and body.get("errorCode") != code):
            raise AssertionError(
                f"refused with {error.status_code} {text} where {statuses} {code or ''} is right"
            ) from error
        if not re.match(r"^E\d+$", body.get("errorCode", "")):
            raise AssertionError(f"an error without errorCode: {text}") from error
        return body
    raise AssertionError(f"not refused: {result!r}")


def fresh(prefix):
    return f"{prefix}{next(_numbers)}p{os.getpid()}"


def address(name="user"):
    return f"{fresh(name)}@example.com"


def phone_number():
    return f"+1555{3_000_000 + next(_numbers)}"


def claims_of(jwt):
    payload = jwt.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def control(method, path, body=None):
    request = urllib.request.Request(
        f"{BASE_URL}/_emulator/{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request) as response:
            return json.loads(response.read())
    except urllib.error.HTTPError as error:
        raise AssertionError(error.read().decode()) from error


def messages(login_id):
    return control("GET", "messages?loginId=" + urllib.parse.quote(login_id))["messages"]


def last_message(*login_ids):
    """The latest that was sent to the first of these login ids that anything was sent to."""
    for login_id in login_ids:
        found = messages(login_id)
        if found:
            return found[-1]
    raise AssertionError(f"nothing was sent to {login_ids}")


def link_token(link):
    return urllib.parse.parse_qs(urllib.parse.urlparse(link).query)["t"][0]


def advance(seconds):
    control("POST", "clock", {"advance": seconds})


def _pending(error):
    text = str(error)
    if "EMULATOR_NOT_IMPLEMENTED" not in text:
        return None
    found = re.search(r"\b(GET|POST|PUT|PATCH|DELETE) /[^\s;,\"\\]*", text)
    if found is None:
        return None
    for operation in PENDING:
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(operation)), found[0]):
            return found[0]
    return None


def run():
    """Runs every scenario that was declared; gives the exit status."""
    global _checks
    started = time.monotonic()
    counts = {"passed": 0, "failed": 0, "waiting": 0}
    total = 0
    for what, scene in _scenarios:
        _checks = 0
        line = {"scenario": what, "outcome": "passed"}
        try:
            scene()
        except Exception as error:
            waits = _pending(error)
            if waits is not None:
                line.update(outcome="waiting", for_=waits)
            else:
                frame = traceback.extract_tb(error.__traceback__)
                where = next(
                    (
                        f"{os.path.basename(f.filename)}:{f.lineno}"
                        for f in reversed(frame)
                        if "suite.py" not in f.filename and "site-packages" not in f.filename
                    ),
                    "",
                )
                line.update(outcome="failed", error=f"{type(error).__name__}: {error} at {where}")
        counts[line["outcome"]] += 1
        total += _checks
        print(json.dumps(line), flush=True)
    seconds = round(time.monotonic() - started, 1)
    print(json.dumps({"summary": {**counts, "checks": total, "seconds": seconds}}), flush=True)
    return 1 if counts["failed"] else 0
