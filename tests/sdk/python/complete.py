"""Holds the suite itself to its purpose: every public method of the SDK is called by it."""

import inspect
import pathlib
import re

from suite import client, holds, mgmt, same, scenario

# What has no server behind it, or no sense against this one, and why.
LEFT_OUT = {
    "project.remove_tag_field": "no call of the API",
    "_client.get_last_response": "no call of the API",
    "_client.logger": "no call of the API",
}


def methods_of(thing):
    for name, _ in inspect.getmembers(type(thing), inspect.isfunction):
        if not name.startswith("_"):
            yield name


def nouns_of(thing):
    for name, _ in inspect.getmembers(type(thing), lambda member: isinstance(member, property)):
        if not name.startswith("_"):
            yield name, getattr(thing, name)


@scenario("every method of the SDK is called by these scenarios")
def _():
    folder = pathlib.Path(__file__).parent
    sources = "\n".join(
        path.read_text() for path in folder.glob("*.py") if path.name not in ("complete.py", "suite.py")
    )
    missing = []
    count = 0
    nouns = [
        *nouns_of(mgmt),
        *((name, one) for name, one in nouns_of(client) if name != "mgmt"),
        ("_client", client),
    ]
    for noun, thing in nouns:
        for name in methods_of(thing):
            count += 1
            if f"{noun}.{name}" in LEFT_OUT:
                continue
            if not re.search(rf"\.{name}\b", sources):
                missing.append(f"{noun}.{name}")
    holds(count > 340, f"{count} methods are enough to be all")
    same(missing, [], "what is not called")
