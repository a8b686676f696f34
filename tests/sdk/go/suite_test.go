// Package sdk holds the emulator to what the official Go SDK makes of it. The emulator that is tried is named by the environment:
// DESCOPE_BASE_URL, DESCOPE_PROJECT_ID and DESCOPE_MANAGEMENT_KEY.
package sdk

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/descope/go-sdk/descope"
	"github.com/descope/go-sdk/descope/client"
	"github.com/descope/go-sdk/descope/logger"
	"github.com/descope/go-sdk/descope/sdk"
)

var (
	ctx     = context.Background()
	baseURL = os.Getenv("DESCOPE_BASE_URL")
	project = os.Getenv("DESCOPE_PROJECT_ID")
	key     = os.Getenv("DESCOPE_MANAGEMENT_KEY")
	pending []string
	mgmt    sdk.Management
	auth    sdk.Authentication
	checks  atomic.Int64
	number  atomic.Int64
)

func TestMain(m *testing.M) {
	if text := os.Getenv("EMULATOR_PENDING"); text != "" {
		if err := json.Unmarshal([]byte(text), &pending); err != nil {
			panic(err)
		}
	}
	c := connect(project, key)
	mgmt, auth = c.Management, c.Auth
	status := m.Run()
	fmt.Printf("checks: %d\n", checks.Load())
	os.Exit(status)
}

// connect makes a client as users of the SDK do.
func connect(projectID, managementKey string) *client.DescopeClient {
	c, err := client.NewWithConfig(&client.Config{
		ProjectID:      projectID,
		ManagementKey:  managementKey,
		DescopeBaseURL: baseURL,
		LogLevel:       logger.LogNone,
	})
	if err != nil {
		panic(err)
	}
	return c
}

// failure is a check that does not hold.
type failure struct{ text string }

func (f failure) Error() string { return f.text }

// scenario runs one, which waits while an operation that it needs is one that the emulator is known not to serve yet.
func scenario(t *testing.T, run func()) {
	t.Helper()
	defer func() {
		thrown := recover()
		if thrown == nil {
			return
		}
		err, isError := thrown.(error)
		if !isError {
			panic(thrown)
		}
		if operation := notServed(err); operation != "" {
			t.Skip("waits for " + operation)
		}
		t.Fatal(err)
	}()
	run()
}

var operationPattern = regexp.MustCompile(`\b(GET|POST|PUT|PATCH|DELETE) /[^\s;,"\\]*`)
var openPart = regexp.MustCompile(`\\\{\w+\\\}`)

// notServed gives the operation that an error says is not served, if it is one that is known not to be.
func notServed(err error) string {
	// Some methods of the SDK give on the message alone.
	if !strings.Contains(err.Error(), "EMULATOR_NOT_IMPLEMENTED") && !strings.Contains(err.Error(), "; the nearest that is served is ") {
		return ""
	}
	operation := operationPattern.FindString(err.Error())
	for _, one := range pending {
		pattern := "^" + openPart.ReplaceAllString(regexp.QuoteMeta(one), `[^/]+`) + "$"
		if regexp.MustCompile(pattern).MatchString(operation) {
			return operation
		}
	}
	return ""
}

// where names the line of the test that a check is in.
func where() string {
	for depth := 2; depth < 12; depth++ {
		_, file, line, ok := runtime.Caller(depth)
		if ok && !strings.HasSuffix(file, "suite_test.go") {
			return fmt.Sprintf("%s:%d", file[strings.LastIndex(file, "/")+1:], line)
		}
	}
	return "somewhere"
}

func fail(format string, args ...any) {
	panic(failure{where() + ": " + fmt.Sprintf(format, args...)})
}

// must gives the value of a call that has to succeed.
func must[V any](value V, err error) V {
	checks.Add(1)
	if err != nil {
		fail("%v", err)
	}
	return value
}

// must2 gives the two values of a call that has to succeed.
func must2[V, W any](value V, other W, err error) (V, W) {
	checks.Add(1)
	if err != nil {
		fail("%v", err)
	}
	return value, other
}

// ok holds that a call succeeds.
func ok(err error) {
	checks.Add(1)
	if err != nil {
		fail("%v", err)
	}
}

// good gives the token of a call that has to succeed.
func good(valid bool, token *descope.Token, err error) *descope.Token {
	checks.Add(1)
	if err != nil {
		fail("%v", err)
	}
	if !valid || token == nil {
		fail("not valid")
	}
	return token
}

// same holds that two values are equal.
func same[V any](actual, expected V) {
	checks.Add(1)
	if !reflect.DeepEqual(actual, expected) {
		fail("%#v where %#v is right", actual, expected)
	}
}

// sameSet holds that two lists have the same items, in any order.
func sameSet(actual, expected []string) {
	a, e := slices.Sorted(slices.Values(actual)), slices.Sorted(slices.Values(expected))
	same(a, e)
}

// none holds that a list is empty.
func none[V any](actual []V) {
	checks.Add(1)
	if len(actual) != 0 {
		fail("%#v where nothing is right", actual)
	}
}

// holds holds that something is true.
func holds(condition bool, what string) {
	checks.Add(1)
	if !condition {
		fail("%s does not hold", what)
	}
}

// refused holds that a call failed with one of these statuses and, where it is not "", this code.
func refused(err error, code string, statuses ...int) *descope.Error {
	checks.Add(1)
	if err == nil {
		fail("not refused")
	}
	var refusal *descope.Error
	if !errors.As(err, &refusal) {
		fail("%v is no error of the server", err)
	}
	status, _ := refusal.Info[descope.ErrorInfoKeys.HTTPResponseStatusCode].(int)
	if refusal.Code == "EMULATOR_NOT_IMPLEMENTED" || (code != "" && refusal.Code != code) ||
		!strings.HasPrefix(refusal.Code, "E") || !slices.Contains(statuses, status) {
		fail("refused with %d %v where %v %s is right", status, err, statuses, code)
	}
	return refusal
}

// refusal2 drops the value of a call that has to fail.
func refusal2[V any](_ V, err error) error { return err }

// refusal3 drops the values of a call that has to fail.
func refusal3[V, W any](_ V, _ W, err error) error { return err }

// fresh gives a name that nothing else in this run has.
func fresh(prefix string) string {
	return fmt.Sprintf("%s%dg%d", prefix, number.Add(1), os.Getpid())
}

func address(name string) string { return fresh(name) + "@example.com" }

func phoneNumber() string { return fmt.Sprintf("+1555%d", 4_000_000+number.Add(1)) }

// claimsOf gives the claims of a token, unchecked.
func claimsOf(jwt string) map[string]any {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		fail("%q is no token", jwt)
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	ok(err)
	claims := map[string]any{}
	ok(json.Unmarshal(payload, &claims))
	return claims
}

// control calls what the emulator offers to tests.
func control(method, path string, body any, into any) {
	var content io.Reader
	if body != nil {
		content = bytes.NewReader(must(json.Marshal(body)))
	}
	request := must(http.NewRequest(method, baseURL+"/_emulator/"+path, content))
	response := must(http.DefaultClient.Do(request))
	defer response.Body.Close()
	text := must(io.ReadAll(response.Body))
	if response.StatusCode != http.StatusOK {
		fail("%s", text)
	}
	if into != nil {
		ok(json.Unmarshal(text, into))
	}
}

type message struct {
	Code string `json:"code"`
	Link string `json:"link"`
	To   string `json:"to"`
}

// lastMessage gives the latest that was sent to the first of these login ids that anything was sent to.
func lastMessage(loginIDs ...string) message {
	for _, loginID := range loginIDs {
		var reply struct {
			Messages []message `json:"messages"`
		}
		control(http.MethodGet, "messages?loginId="+url.QueryEscape(loginID), nil, &reply)
		if len(reply.Messages) > 0 {
			return reply.Messages[len(reply.Messages)-1]
		}
	}
	fail("nothing was sent to %v", loginIDs)
	return message{}
}

func codeFor(loginIDs ...string) string { return lastMessage(loginIDs...).Code }

func linkToken(link string) string {
	parsed := must(url.Parse(link))
	token := parsed.Query().Get("t")
	holds(token != "", "a token in "+link)
	return token
}

func tokenFor(loginIDs ...string) string { return linkToken(lastMessage(loginIDs...).Link) }

// advance moves the emulator's clock.
func advance(seconds int) { control(http.MethodPost, "clock", map[string]any{"advance": seconds}, nil) }

// withRefresh gives a request that carries a refresh token as a browser's would.
func withRefresh(jwt string) *http.Request {
	request := must(http.NewRequest(http.MethodGet, "https://app.example.com", nil))
	request.AddCookie(&http.Cookie{Name: descope.RefreshCookieName, Value: jwt})
	return request
}

func names[V any](items []V, name func(V) string) []string {
	list := make([]string, 0, len(items))
	for _, item := range items {
		list = append(list, name(item))
	}
	return list
}

func first[V any](items []V) V {
	if len(items) == 0 {
		fail("the list is empty")
	}
	return items[0]
}
