package sdk

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/descope/go-sdk/descope"
)

const callback = "http://localhost:9/callback"

// browser follows no redirect: it looks where it is sent.
var browser = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// oauthTokens signs a user in for an application, without a page, and gives what its token endpoint says.
func oauthTokens(base, clientID, secret, scope, loginID string) map[string]any {
	asked := url.Values{
		"client_id": {clientID}, "response_type": {"code"}, "redirect_uri": {callback}, "scope": {scope},
		"prompt": {"none"}, "login_hint": {loginID},
	}
	back := must(browser.Get(baseURL + base + "/authorize?" + asked.Encode()))
	defer back.Body.Close()
	target := must(back.Location())
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {target.Query().Get("code")}, "redirect_uri": {callback},
		"client_id": {clientID}, "client_secret": {secret},
	}
	reply := must(http.PostForm(baseURL+base+"/token", form))
	defer reply.Body.Close()
	tokens := map[string]any{}
	ok(json.NewDecoder(reply.Body).Decode(&tokens))
	same(reply.StatusCode, http.StatusOK)
	return tokens
}

func TestTokensOfApplications(t *testing.T) {
	scenario(t, func() {
		email, user := newUser(nil)
		cleartext, _ := must2(mgmt.AccessKey().Create(ctx, fresh("OAuth"), "", 0, nil, nil, "", nil, nil, nil))
		own := oauthTokens("/oauth2/v1", project, cleartext, "openid", email)
		token := good(auth.ValidateSessionWithToken(ctx, own["access_token"].(string)))
		same(token.ID, user.UserID)
		same(token.ProjectID, project)
		same(good(auth.RefreshSessionWithToken(ctx, own["refresh_token"].(string))).ID, user.UserID)

		id, secret := must2(mgmt.ThirdPartyApplication().CreateApplication(ctx, &descope.ThirdPartyApplicationRequest{
			Name: fresh("OAuth"), LoginPageURL: "https://example.com", ApprovedCallbackUrls: []string{callback},
			PermissionsScopes: []*descope.ThirdPartyApplicationScope{{Name: "read", Description: "Reads"}},
		}))
		app := must(mgmt.ThirdPartyApplication().LoadApplication(ctx, id))
		third := oauthTokens("/oauth2/v1/apps", app.ClientID, secret, "read", email)
		token = good(auth.ValidateSessionWithToken(ctx, third["access_token"].(string)))
		same(token.ID, user.UserID)
		same(token.ProjectID, project)
		invalid(auth.RefreshSessionWithToken(ctx, third["refresh_token"].(string)))
	})
}
