// Run with: descope emulator exec --seed ../seed.yaml -- go test ./...
package example

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"testing"

	"github.com/descope/go-sdk/descope"
	"github.com/descope/go-sdk/descope/client"
)

// The SDK itself reads DESCOPE_BASE_URL, DESCOPE_PROJECT_ID and DESCOPE_MANAGEMENT_KEY.
func connect(t *testing.T) *client.DescopeClient {
	t.Helper()
	emulator(t, "POST", "reset", nil, nil)
	connected, err := client.NewWithConfig(&client.Config{DescopeBaseURL: os.Getenv("DESCOPE_BASE_URL")})
	if err != nil {
		t.Fatal(err)
	}
	return connected
}

// emulator makes a call of the emulator's own.
func emulator(t *testing.T, method, path string, body, reply any) {
	t.Helper()
	content, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(method, os.Getenv("DESCOPE_BASE_URL")+"/_emulator/"+path, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s answered %s", method, path, response.Status)
	}
	if reply == nil {
		return
	}
	if err := json.NewDecoder(response.Body).Decode(reply); err != nil {
		t.Fatal(err)
	}
}

func TestSignsInWithTheCodeThatWasSent(t *testing.T) {
	ctx, sdk := context.Background(), connect(t)
	if _, err := sdk.Auth.OTP().SignIn(ctx, descope.MethodEmail, "ann@acme.com", nil, nil); err != nil {
		t.Fatal(err)
	}
	var outbox struct{ Messages []struct{ Code string } }
	emulator(t, "GET", "messages?loginId=ann@acme.com", nil, &outbox)
	code := outbox.Messages[len(outbox.Messages)-1].Code
	info, err := sdk.Auth.OTP().VerifyCode(ctx, descope.MethodEmail, "ann@acme.com", code, nil)
	if err != nil {
		t.Fatal(err)
	}
	authorized, session, err := sdk.Auth.ValidateSessionWithToken(ctx, info.SessionToken.JWT)
	if err != nil || !authorized {
		t.Fatal(err)
	}
	if !sdk.Auth.ValidateTenantPermissions(ctx, session, "acme", []string{"invoices.read"}) {
		t.Fatal("the permission is missing")
	}
}

func TestEndedSessionCannotBeRefreshed(t *testing.T) {
	ctx, sdk := context.Background(), connect(t)
	info, err := sdk.Auth.Password().SignIn(ctx, "ann@acme.com", "Correct-Horse-1", nil)
	if err != nil {
		t.Fatal(err)
	}
	emulator(t, "POST", "clock", map[string]string{"advance": "90d"}, nil)
	if authorized, _, err := sdk.Auth.RefreshSessionWithToken(ctx, info.RefreshToken.JWT); err == nil && authorized {
		t.Fatal("it was refreshed")
	}
}

func TestTooManyRequestsCanBeToldFromOtherAnswers(t *testing.T) {
	ctx, sdk := context.Background(), connect(t)
	fault := map[string]any{"path": "/v1/mgmt/user/create", "status": 429, "retryAfter": 1, "count": 1}
	emulator(t, "POST", "faults", fault, nil)
	user := &descope.UserRequest{}
	user.Email = "bo@acme.com"
	if _, err := sdk.Management.User().Create(ctx, "bo@acme.com", user); !errors.Is(err, descope.ErrRateLimitExceeded) {
		t.Fatalf("not the error of too many requests: %v", err)
	}
	// The SDK of this language keeps its own requests back until the time that the reply has named.
	var journal struct{ Requests []struct{ Status int } }
	emulator(t, "GET", "requests?path=/v1/mgmt/user/create", nil, &journal)
	if len(journal.Requests) != 1 || journal.Requests[0].Status != 429 {
		t.Fatalf("not what was asked: %v", journal)
	}
}
