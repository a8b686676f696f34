package sdk

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/descope/go-sdk/descope"
)

const (
	uri      = "https://app.example.com/verify"
	password = "Correct-Horse-1"
)

func another(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

// signUp signs somebody new up with a password.
func signUp() (string, *descope.AuthenticationInfo) {
	email := address("user")
	return email, must(auth.Password().SignUp(ctx, email, &descope.User{Email: email}, password, nil))
}

func TestOTP(t *testing.T) {
	scenario(t, func() {
		email := address("ann")
		refused(refusal2(auth.OTP().SignIn(ctx, descope.MethodEmail, email, nil, nil)), "E062108", 400, 401, 404)
		masked := must(auth.OTP().SignUp(ctx, descope.MethodEmail, email, &descope.User{Name: "Ann", Email: email}, nil))
		holds(strings.Contains(masked, "*") && masked != email, "the address is masked")
		session := must(auth.OTP().VerifyCode(ctx, descope.MethodEmail, email, codeFor(email), nil))
		same(session.FirstSeen, true)
		same(session.User.LoginIDs, []string{email})
		same(session.User.Name, "Ann")
		same(session.User.VerifiedEmail, true)
		same(session.SessionToken.ID, session.User.UserID)
		same(session.RefreshToken.ID, session.User.UserID)
		same(session.SessionToken.ProjectID, project)
		same(session.SessionToken.AuthFactors(), []descope.AuthFactor{descope.AuthFactorEmail})
		same(session.SessionToken.IsMFA(), false)
		refused(refusal2(auth.OTP().SignUp(ctx, descope.MethodEmail, email, nil, nil)), "E062107", 400)
		must(auth.OTP().SignUpOrIn(ctx, descope.MethodEmail, email, nil))
		right := codeFor(email)
		refused(refusal2(auth.OTP().VerifyCode(ctx, descope.MethodEmail, email, another(right), nil)), "E061102", 401)
		same(must(auth.OTP().VerifyCode(ctx, descope.MethodEmail, email, right, nil)).FirstSeen, false)
		refused(refusal2(auth.OTP().VerifyCode(ctx, descope.MethodEmail, email, right, nil)), "", 400, 401)
		for _, method := range []descope.DeliveryMethod{descope.MethodSMS, descope.MethodVoice, descope.MethodWhatsApp} {
			phone := phoneNumber()
			must(auth.OTP().SignUp(ctx, method, phone, &descope.User{Phone: phone}, nil))
			same(must(auth.OTP().VerifyCode(ctx, method, phone, codeFor(phone), nil)).User.VerifiedPhone, true)
			must(auth.OTP().SignIn(ctx, method, phone, nil, nil))
			must(auth.OTP().VerifyCode(ctx, method, phone, codeFor(phone), nil))
		}
	})
}

func TestOTPLapsesAndLocks(t *testing.T) {
	scenario(t, func() {
		email := address("user")
		must(auth.OTP().SignUpOrIn(ctx, descope.MethodEmail, email, nil))
		code := codeFor(email)
		advance(3600)
		defer advance(-3600)
		refused(refusal2(auth.OTP().VerifyCode(ctx, descope.MethodEmail, email, code, nil)), "", 401)
		must(auth.OTP().SignUpOrIn(ctx, descope.MethodEmail, email, nil))
		codes := []string{}
		for range 10 {
			codes = append(codes, refused(refusal2(auth.OTP().VerifyCode(ctx, descope.MethodEmail, email, another(codeFor(email)), nil)), "", 400, 401, 403, 429).Code)
		}
		holds(slices.Contains(codes, "E061103"), "E061103 is among them")
	})
}

func TestOTPUpdatesStepUpAndMFA(t *testing.T) {
	scenario(t, func() {
		email, session := signUp()
		request := withRefresh(session.RefreshToken.JWT)
		fresher, phone := address("new"), phoneNumber()
		must(auth.OTP().UpdateUserEmail(ctx, email, fresher, &descope.UpdateOptions{AddToLoginIDs: true}, request))
		must(auth.OTP().VerifyCode(ctx, descope.MethodEmail, email, codeFor(fresher, email), nil))
		same(must(mgmt.User().Load(ctx, email)).Email, fresher)
		must(auth.OTP().UpdateUserPhone(ctx, descope.MethodSMS, email, phone, nil, request))
		must(auth.OTP().VerifyCode(ctx, descope.MethodSMS, email, codeFor(phone, email), nil))
		same(must(mgmt.User().Load(ctx, email)).VerifiedPhone, true)
		must(auth.OTP().SignIn(ctx, descope.MethodEmail, email, request, &descope.LoginOptions{Stepup: true}))
		stepped := must(auth.OTP().VerifyCode(ctx, descope.MethodEmail, email, codeFor(email), nil))
		same(stepped.SessionToken.CustomClaim("su"), any(true))
		must(auth.OTP().SignIn(ctx, descope.MethodEmail, email, request, &descope.LoginOptions{MFA: true, CustomClaims: map[string]any{"shop": "north"}}))
		both := must(auth.OTP().VerifyCode(ctx, descope.MethodEmail, email, codeFor(email), nil))
		same(both.SessionToken.IsMFA(), true)
		refused(refusal2(auth.OTP().UpdateUserEmail(ctx, email, address("x"), nil, withRefresh("not.a.token"))), "", 401)
	})
}

func TestMagicLinks(t *testing.T) {
	scenario(t, func() {
		email := address("ann")
		refused(refusal2(auth.MagicLink().SignIn(ctx, descope.MethodEmail, email, uri, nil, nil)), "E062108", 400, 401, 404)
		holds(strings.Contains(must(auth.MagicLink().SignUp(ctx, descope.MethodEmail, email, uri, &descope.User{Name: "Ann"}, nil)), "*"), "the address is masked")
		holds(strings.HasPrefix(lastMessage(email).Link, uri+"?t="), "the link goes where it should")
		token := tokenFor(email)
		session := must(auth.MagicLink().Verify(ctx, token, nil))
		same(session.User.Name, "Ann")
		same(session.User.VerifiedEmail, true)
		refused(refusal2(auth.MagicLink().Verify(ctx, token, nil)), "", 400, 401)
		must(auth.MagicLink().SignIn(ctx, descope.MethodEmail, email, uri, nil, nil))
		older := tokenFor(email)
		must(auth.MagicLink().SignUpOrIn(ctx, descope.MethodEmail, email, uri, nil))
		must(auth.MagicLink().Verify(ctx, older, nil))
		must(auth.MagicLink().Verify(ctx, tokenFor(email), nil))
		refused(refusal2(auth.MagicLink().Verify(ctx, "nonsense", nil)), "", 400, 401)
		request := withRefresh(session.RefreshToken.JWT)
		fresher, phone := address("new"), phoneNumber()
		must(auth.MagicLink().UpdateUserEmail(ctx, email, fresher, uri, nil, request))
		must(auth.MagicLink().Verify(ctx, tokenFor(fresher, email), nil))
		same(must(mgmt.User().Load(ctx, email)).Email, fresher)
		must(auth.MagicLink().UpdateUserPhone(ctx, descope.MethodSMS, email, phone, uri, nil, request))
		must(auth.MagicLink().Verify(ctx, tokenFor(phone, email), nil))
		same(must(mgmt.User().Load(ctx, email)).Phone, phone)
	})
}

func TestEnchantedLinks(t *testing.T) {
	scenario(t, func() {
		email := address("ann")
		refused(refusal2(auth.EnchantedLink().SignIn(ctx, email, uri, nil, nil)), "E062108", 400, 401, 404)
		started := must(auth.EnchantedLink().SignUp(ctx, email, uri, &descope.User{Name: "Ann"}, nil))
		same(len(started.LinkID), 2)
		holds(strings.Contains(started.MaskedEmail, "*"), "the address is masked")
		refused(refusal2(auth.EnchantedLink().GetSession(ctx, started.PendingRef, nil)), "E062503", 401)
		ok(auth.EnchantedLink().Verify(ctx, tokenFor(email)))
		session := must(auth.EnchantedLink().GetSession(ctx, started.PendingRef, nil))
		same(session.User.LoginIDs, []string{email})
		again := must(auth.EnchantedLink().SignIn(ctx, email, uri, nil, nil))
		ok(auth.EnchantedLink().Verify(ctx, tokenFor(email)))
		must(auth.EnchantedLink().GetSession(ctx, again.PendingRef, nil))
		either := must(auth.EnchantedLink().SignUpOrIn(ctx, email, uri, nil))
		ok(auth.EnchantedLink().Verify(ctx, tokenFor(email)))
		must(auth.EnchantedLink().GetSession(ctx, either.PendingRef, nil))
		fresher := address("new")
		update := must(auth.EnchantedLink().UpdateUserEmail(ctx, email, fresher, uri, nil, withRefresh(session.RefreshToken.JWT)))
		ok(auth.EnchantedLink().Verify(ctx, tokenFor(fresher, email)))
		must(auth.EnchantedLink().GetSession(ctx, update.PendingRef, nil))
		same(must(mgmt.User().Load(ctx, email)).Email, fresher)
	})
}

func TestPasswords(t *testing.T) {
	scenario(t, func() {
		email, session := signUp()
		same(must(auth.Password().SignIn(ctx, email, password, nil)).User.UserID, session.User.UserID)
		refused(refusal2(auth.Password().SignIn(ctx, email, "Wrong-Horse-1", nil)), "", 401)
		refused(refusal2(auth.Password().SignUp(ctx, email, nil, password, nil)), "E062107", 400)
		must(auth.Password().ReplaceUserPassword(ctx, email, password, "Better-Horse-2", nil))
		refused(refusal2(auth.Password().SignIn(ctx, email, password, nil)), "", 401)
		ok(auth.Password().UpdateUserPassword(ctx, email, "Third-Horse-3", withRefresh(session.RefreshToken.JWT)))
		must(auth.Password().SignIn(ctx, email, "Third-Horse-3", nil))
		ok(auth.Password().SendPasswordReset(ctx, email, "https://app.example.com/reset", nil))
		holds(strings.HasPrefix(lastMessage(email).Link, "https://app.example.com/reset?t="), "the link goes where it should")
		reset := must(auth.MagicLink().Verify(ctx, tokenFor(email), nil))
		ok(auth.Password().UpdateUserPassword(ctx, email, "Fourth-Horse-4", withRefresh(reset.RefreshToken.JWT)))
		holds(must(auth.Password().GetPasswordPolicy(ctx)).MinLength > 0, "there is a least length")
		refused(refusal2(auth.Password().SignUp(ctx, address("x"), nil, "a", nil)), "", 400)
	})
}

func totpCode(key string, at time.Time) string {
	secret := must(base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(key, "=")))
	counter := make([]byte, 8)
	binary.BigEndian.PutUint64(counter, uint64(at.Unix()/30))
	mac := hmac.New(sha1.New, secret)
	mac.Write(counter)
	digest := mac.Sum(nil)
	offset := digest[len(digest)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(digest[offset:])&0x7fffffff)%1_000_000)
}

func TestTOTP(t *testing.T) {
	scenario(t, func() {
		email := address("ann")
		made := must(auth.TOTP().SignUp(ctx, email, &descope.User{Name: "Ann"}))
		holds(strings.HasPrefix(made.ProvisioningURL, "otpauth://totp/"), "there is an address for the app")
		session := must(auth.TOTP().SignInCode(ctx, email, totpCode(made.Key, time.Now()), nil, nil, nil))
		same(session.SessionToken.AuthFactors(), []descope.AuthFactor{descope.AuthFactorTOTP})
		refused(refusal2(auth.TOTP().SignInCode(ctx, email, totpCode(made.Key, time.Now().Add(-time.Hour)), nil, nil, nil)), "", 401)
		known, signedIn := signUp()
		request := withRefresh(signedIn.RefreshToken.JWT)
		added := must(auth.TOTP().UpdateUser(ctx, known, request))
		both := must(auth.TOTP().SignInCode(ctx, known, totpCode(added.Key, time.Now()), request, &descope.LoginOptions{MFA: true}, nil))
		same(both.SessionToken.IsMFA(), true)
	})
}

func TestNOTP(t *testing.T) {
	scenario(t, func() {
		started := must(auth.NOTP().SignUpOrIn(ctx, phoneNumber(), nil))
		holds(started.PendingRef != "" && started.RedirectURL != "", "there is something to wait for")
		refused(refusal2(auth.NOTP().GetSession(ctx, started.PendingRef, nil)), "E066103", 401)
		must(auth.NOTP().SignUp(ctx, phoneNumber(), nil, nil))
		refused(refusal2(auth.NOTP().SignIn(ctx, phoneNumber(), nil, nil)), "", 400, 401, 404)
		email, session := signUp()
		must(auth.NOTP().UpdateUser(ctx, email, phoneNumber(), nil, withRefresh(session.RefreshToken.JWT)))
	})
}

// follow goes where an address leads until it is back at the application, and gives the code with which it is.
func follow(start string) string {
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	// The emulated identity provider asks nobody where it is told who it is.
	next := start + "&login_hint=" + address("someone")
	for range 10 {
		response := must(browser.Get(next))
		response.Body.Close()
		location := response.Header.Get("Location")
		holds(location != "", next+" leads somewhere")
		next = must(must(url.Parse(next)).Parse(location)).String()
		if strings.HasPrefix(next, "https://app.example.com/") {
			return must(url.Parse(next)).Query().Get("code")
		}
	}
	fail("too many redirects")
	return ""
}

func TestOAuthAndSSO(t *testing.T) {
	scenario(t, func() {
		back := "https://app.example.com/done"
		code := follow(must(auth.OAuth().SignUpOrIn(ctx, descope.OAuthGoogle, back, "", nil, nil, nil)))
		session := must(auth.OAuth().ExchangeToken(ctx, code, nil))
		same(session.SessionToken.AuthFactors(), []descope.AuthFactor{descope.AuthFactorOAuth})
		refused(refusal2(auth.OAuth().ExchangeToken(ctx, code, nil)), "", 400, 401)
		for _, start := range []func() (string, error){
			func() (string, error) { return auth.OAuth().Start(ctx, descope.OAuthGithub, back, "", nil, nil, nil) },
			func() (string, error) { return auth.OAuth().SignUp(ctx, descope.OAuthGithub, back, "", nil, nil, nil) },
			func() (string, error) { return auth.OAuth().SignIn(ctx, descope.OAuthGithub, back, "", nil, nil, nil) },
			func() (string, error) {
				return auth.OAuth().UpdateUser(ctx, descope.OAuthGithub, back, "", false, withRefresh(session.RefreshToken.JWT), nil, nil)
			},
		} {
			holds(strings.HasPrefix(must(start()), "http"), "there is an address to go to")
		}
		tenant := newTenant()
		ok(mgmt.SSO().ConfigureSAMLSettingsByMetadata(ctx, tenant, &descope.SSOSAMLSettingsByMetadata{IdpMetadataURL: "https://idp.example.com/m"}, "", []string{tenant + ".com"}, ""))
		bySSO := must(auth.SSO().ExchangeToken(ctx, follow(must(auth.SSO().Start(ctx, tenant, back, "", "", "", nil, nil, nil))), nil))
		holds(slices.Contains(bySSO.SessionToken.GetTenants(), tenant), "the tenant is in the session")
		must(auth.SAML().ExchangeToken(ctx, follow(must(auth.SAML().Start(ctx, tenant, back, nil, nil, nil))), nil))
		refused(refusal2(auth.SSO().Start(ctx, "nowhere", back, "", "", "", nil, nil, nil)), "", 400, 404)
	})
}

func TestWebAuthn(t *testing.T) {
	scenario(t, func() {
		origin := "https://app.example.com"
		begun := must(auth.WebAuthn().SignUpStart(ctx, address("ann"), &descope.User{Name: "Ann"}, origin, nil))
		same(begun.Create, true)
		holds(strings.Contains(begun.Options, "challenge"), "there is a challenge")
		must(auth.WebAuthn().SignUpOrInStart(ctx, address("x"), origin, nil))
		refused(refusal2(auth.WebAuthn().SignInStart(ctx, address("x"), origin, nil, nil)), "", 400, 401, 404)
		email, session := signUp()
		must(auth.WebAuthn().UpdateUserDeviceStart(ctx, email, origin, withRefresh(session.RefreshToken.JWT)))
		nothing := &descope.WebAuthnFinishRequest{TransactionID: "nothing", Response: "{}"}
		refused(refusal2(auth.WebAuthn().SignUpFinish(ctx, nothing, nil)), "", 400, 401, 404)
		refused(refusal2(auth.WebAuthn().SignInFinish(ctx, nothing, nil)), "", 400, 401, 404)
		refused(refusal2(auth.WebAuthn().UpdateUserDeviceFinish(ctx, nothing, nil)), "", 400, 401, 404)
	})
}
