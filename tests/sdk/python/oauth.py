"""Tokens that applications get by OAuth, as backends check them with the SDK."""

import json
import urllib.error
import urllib.parse
import urllib.request

from suite import BASE_URL, KEY, PROJECT, address, client, fresh, mgmt, same, scenario

CALLBACK = "http://localhost:9/callback"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


browser = urllib.request.build_opener(NoRedirect)


def tokens_of(base, client_id, secret, scope, login_id):
    """Signs a user in for an application, without a page, and gives what its token endpoint says."""
    asked = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": scope,
        "prompt": "none",
        "login_hint": login_id,
    }
    try:
        browser.open(f"{BASE_URL}{base}/authorize?{urllib.parse.urlencode(asked)}")
        raise AssertionError("the browser is not sent back")
    except urllib.error.HTTPError as back:
        target = urllib.parse.urlparse(back.headers["location"])
    form = {
        "grant_type": "authorization_code",
        "code": urllib.parse.parse_qs(target.query)["code"][0],
        "redirect_uri": CALLBACK,
        "client_id": client_id,
        "client_secret": secret,
    }
    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(f"{BASE_URL}{base}/token", data=body) as reply:
        return json.load(reply)


def manage(path, body):
    request = urllib.request.Request(
        BASE_URL + path,
        data=json.dumps(body).encode(),
        headers={"authorization": f"Bearer {PROJECT}:{KEY}", "content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


@scenario("validate_session takes the access tokens of applications, by their audience")
def _():
    email = address()
    user_id = mgmt.user.create(email, email=email)["user"]["userId"]
    cleartext = mgmt.access_key.create(fresh("oauth"))["cleartext"]
    own = tokens_of("/oauth2/v1", PROJECT, cleartext, "openid", email)
    same(client.validate_session(own["access_token"])["userId"], user_id)
    same(client.refresh_session(own["refresh_token"])["userId"], user_id)
    app = manage(
        "/v2/mgmt/thirdparty/app/create",
        {
            "name": fresh("oauth"),
            "approvedCallbackUrls": [CALLBACK],
            "permissionsScopes": [{"name": "read", "description": "Reads"}],
        },
    )
    third = tokens_of("/oauth2/v1/apps", app["clientId"], app["cleartext"], "read", email)
    for audience in (None, PROJECT, app["clientId"]):
        claims = client.validate_session(third["access_token"], audience=audience)
        same(claims["userId"], user_id)
        same(claims["projectId"], PROJECT)
