"""Run with: descope emulator exec --seed ../seed.yaml -- pytest"""

import json
import os
import urllib.request

import pytest
from descope import AuthException, DeliveryMethod, DescopeClient, RateLimitException

BASE_URL = os.environ["DESCOPE_BASE_URI"]

# The SDK itself reads DESCOPE_BASE_URI and DESCOPE_MANAGEMENT_KEY.
client = DescopeClient(project_id=os.environ["DESCOPE_PROJECT_ID"])


def emulator(method, path, body=None):
    """A call of the emulator's own."""
    request = urllib.request.Request(
        f"{BASE_URL}/_emulator/{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


@pytest.fixture(autouse=True)
def seeded():
    emulator("POST", "reset")


def test_a_user_signs_in_with_the_code_that_was_sent():
    client.otp.sign_in(DeliveryMethod.EMAIL, "ann@acme.com")
    messages = emulator("GET", "messages?loginId=ann@acme.com")["messages"]
    reply = client.otp.verify_code(DeliveryMethod.EMAIL, "ann@acme.com", messages[-1]["code"])
    session = client.validate_session(reply["sessionToken"]["jwt"])
    assert client.validate_tenant_permissions(session, "acme", ["invoices.read"])


def test_a_session_that_has_ended_cannot_be_refreshed():
    reply = client.password.sign_in("ann@acme.com", "Correct-Horse-1")
    emulator("POST", "clock", {"advance": "90d"})
    with pytest.raises(AuthException):
        client.refresh_session(reply["refreshSessionToken"]["jwt"])


def test_too_many_requests_are_an_answer_that_can_be_told_from_others():
    fault = {"path": "/v1/mgmt/user/create", "status": 429, "retryAfter": 1, "count": 1}
    emulator("POST", "faults", fault)
    with pytest.raises(RateLimitException):
        client.mgmt.user.create("bo@acme.com", email="bo@acme.com")
    client.mgmt.user.create("bo@acme.com", email="bo@acme.com")
    requests = emulator("GET", "requests?path=/v1/mgmt/user/create")["requests"]
    assert [request["status"] for request in requests] == [429, 200]
