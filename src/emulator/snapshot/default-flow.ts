import type { Json, JsonObject } from "../../json/value.ts";
import type { Files } from "./snapshot-files.ts";

const WELCOME = "SC3EmulatorScreenWelcome00001";
const VERIFY = "SC3EmulatorScreenVerify000002";

/** A flow that signs up or in by a code that is sent by mail, as the files of its folder. */
export function defaultFlow(id: string): Files {
  return {
    [`flows/${id}/metadata.json`]: {
      componentsVersion: "3.0.0",
      description: "Signs up or in with a code that is sent by mail",
      disabled: false,
      fingerprint: false,
      name: "Sign up or in",
      screens: ["verify-code", "welcome"],
      sharedInteractions: [{ id: "4.success", type: "success" }],
    },
    [`flows/${id}/contents.json`]: { startTask: "0", tasks: TASKS },
    [`flows/${id}/screen-verify-code.json`]: screen(
      VERIFY,
      [interaction("submitCode", "Continue", "oneTimeCode"), interaction("resend", "Send again", "button")],
      [
        component("title", "Text", { children: "Enter the code", variant: "h2" }),
        component("hint", "Text", { children: "We sent it to {{user.email}}", variant: "body1" }),
        component("submitCode", "Code", { name: "code", digits: 6 }),
        component("error", "ErrorMessage", {}),
        component("resend", "Link", { children: "Send again" }),
      ],
    ),
    [`flows/${id}/screen-welcome.json`]: screen(
      WELCOME,
      [interaction("continue", "Continue", "button")],
      [
        component("title", "Text", { children: "Welcome", variant: "h2" }),
        component("email", "EmailInput", { label: "E-mail address", name: "externalId", required: true }),
        component("error", "ErrorMessage", {}),
        component("continue", "Button", { children: "Continue", variant: "contained" }),
      ],
    ),
  };
}

const TASKS: JsonObject = {
  "0": {
    id: "0",
    name: "Welcome",
    next: { rules: [{ interactionId: "continue", taskId: "1" }] },
    screenId: WELCOME,
    type: "screen",
    view: { x: 300, y: 0 },
  },
  "1": {
    action: "sign-up-or-in-otp-email",
    arguments: { templateId: { type: "inline", value: "" } },
    id: "1",
    name: "Sign up or in / OTP / Email",
    next: { rules: [{ interactionId: "success", taskId: "2" }] },
    type: "automated",
    view: { x: 600, y: 0 },
  },
  "2": {
    id: "2",
    name: "Verify Code",
    next: {
      rules: [
        { interactionId: "submitCode", taskId: "3" },
        { interactionId: "resend", taskId: "1" },
      ],
    },
    screenId: VERIFY,
    type: "screen",
    view: { x: 900, y: 0 },
  },
  "3": {
    action: "verify-code-otp-email",
    errorHandlingV2: { OTPVerifyCodeEmailFailed: { errorHandlingType: "automatic" } },
    id: "3",
    name: "Verify Code / OTP / Email",
    next: { rules: [{ interactionId: "success", taskId: "4" }] },
    type: "automated",
    view: { x: 1200, y: 0 },
  },
  "4": { action: "logged-in", id: "4", name: "End", next: {}, type: "automated", view: { x: 1500, y: 0 } },
  start: { id: "start", next: { rules: [{ taskId: "0" }] }, view: { x: 0, y: 0 } },
};

function interaction(id: string, label: string, type: string): JsonObject {
  return { icon: "", id, label, subType: "", type };
}

function component(id: string, resolvedName: string, props: JsonObject): [string, JsonObject] {
  return [
    id,
    {
      custom: {},
      displayName: resolvedName,
      hidden: false,
      isCanvas: false,
      linkedNodes: {},
      nodes: [],
      parent: "ROOT",
      props: { id, ...props },
      type: { resolvedName },
    },
  ];
}

function screen(
  screenId: string,
  interactions: Json[],
  components: readonly (readonly [string, JsonObject])[],
): JsonObject {
  const root: JsonObject = {
    custom: {},
    displayName: "Container",
    hidden: false,
    isCanvas: true,
    linkedNodes: {},
    nodes: components.map(([id]) => id),
    props: { id: "ROOT" },
    type: { resolvedName: "Container" },
  };
  return { contents: { ROOT: root, ...Object.fromEntries(components) }, interactions, screenId };
}
