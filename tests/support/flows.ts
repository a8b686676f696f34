import { readFlowFile, readFlowFolder, type FlowSource } from "../../src/flow/graph/source.ts";
import type { JsonFile } from "../../src/json/source.ts";
import type { Json, JsonObject } from "../../src/json/value.ts";

/** A flow before it is put into one of the shapes. */
export interface Invented {
  readonly id: string;
  readonly metadata: JsonObject;
  contents: { startTask: string; tasks: Record<string, JsonObject> };
  screens: JsonObject[];
  references: JsonObject;
}

export const inline = (value: Json): JsonObject => ({ type: "inline", value });
export const to = (...rules: [outcome: string, target: string][]): JsonObject => ({
  next:
    rules.length === 0 ? {} : { rules: rules.map(([interactionId, taskId]) => ({ interactionId, taskId })) },
});
const seen = (x: number, y: number): JsonObject => ({ view: { x, y } });

/** A component of a screen. */
export function node(
  resolvedName: string,
  parent: string,
  props: JsonObject,
  nodes: string[] = [],
): JsonObject {
  return {
    type: { resolvedName },
    parent,
    nodes,
    linkedNodes: {},
    hidden: false,
    isCanvas: resolvedName === "Container",
    custom: {},
    displayName: resolvedName,
    props,
  };
}

/** A screen with one component per entry below its root; buttons are its interactions. */
export function screen(
  screenId: string,
  components: Record<string, [type: string, props: JsonObject]>,
): JsonObject {
  const interactions = Object.entries(components)
    .filter(([, [type]]) => type.endsWith("Button"))
    .map(([id, [type, props]]) => ({
      id,
      label: props.children ?? "",
      type: "button",
      subType: type === "Button" ? "" : "social",
      icon: type === "Button" ? "" : type.replace("Button", "").toLowerCase(),
    }));
  const { parent: _, ...root } = node("Container", "", { id: "ROOT" }, Object.keys(components));
  return {
    screenId,
    interactions,
    contents: {
      ROOT: root,
      ...Object.fromEntries(
        Object.entries(components).map(([id, [type, props]]) => [id, node(type, "ROOT", props)]),
      ),
    },
  };
}

const WELCOME = "SC2welcomewelcomewelcomewelco";
const VERIFY = "SC2verifyverifyverifyverifyver";
const PROFILE = "SC2profileprofileprofileprofil";
const SENT = "SC2sentsentsentsentsentsentsen";

/** One flow with a step of every kind. */
export function everyKind(): Invented {
  return {
    id: "sign-in",
    metadata: {
      name: "Sign In",
      description: "",
      disabled: false,
      fingerprint: false,
      componentsVersion: "3.18.2",
      sharedInteractions: [{ id: "9.success", type: "success" }],
    },
    contents: {
      startTask: "0",
      tasks: {
        start: { id: "start", ...seen(-300, 40), ...to(["", "0"]) },
        "0": {
          id: "0",
          type: "screen",
          name: "Welcome",
          screenId: WELCOME,
          inputKeys: ["email"],
          ...seen(0, 0),
          ...to(["btnEmail", "1"], ["btnGoogle", "3"], ["btnLink", "11"]),
        },
        "1": {
          id: "1",
          type: "automated",
          action: "sign-up-or-in-otp-email",
          name: "Send code",
          arguments: { templateId: inline("") },
          errorHandlingV2: { OTPSignUpOrInEmailFailed: { errorHandlingType: "automatic" } },
          ...seen(350, 0),
          ...to(["success", "2"]),
        },
        "2": {
          id: "2",
          type: "screen",
          name: "Verify code",
          screenId: VERIFY,
          ...seen(700, 0),
          ...to(["btnVerify", "4"], ["resend", "1"]),
        },
        "3": {
          id: "3",
          type: "automated",
          action: "oauth-start",
          name: "Google",
          arguments: { provider: inline("google"), exchangeStepId: inline("3.end") },
          errorHandlingV2: { OAuthStartFailed: { errorHandlingType: "automatic" } },
          ...seen(350, 250),
          ...to(["success", "3.end"]),
        },
        "3.end": {
          id: "3.end",
          type: "automated",
          action: "exchange-oauth-code",
          name: "Google",
          arguments: { provider: inline("google"), exchangeStepId: inline("3.end") },
          errorHandlingV2: { OAuthExchangeCodeFailed: { errorHandlingType: "custom" } },
          ...seen(350, 250),
          ...to(["success", "5"], ["OAuthExchangeCodeFailed", "0"]),
        },
        "4": {
          id: "4",
          type: "automated",
          action: "verify-code-otp-email",
          name: "Verify",
          errorHandlingV2: {
            OTPVerifyCodeEmailFailed: { errorHandlingType: "automatic" },
            OTPVerifyCodeExpired: { errorHandlingType: "custom" },
          },
          ...seen(1050, 0),
          ...to(["success", "5"], ["OTPVerifyCodeExpired", "2"]),
        },
        "5": {
          id: "5",
          type: "condition",
          name: "Is new user?",
          ...seen(1400, 100),
          conditions: [
            {
              interactionId: "c1",
              name: "New user",
              logicalOr: false,
              atomicConditions: [
                {
                  target: { type: "context", value: "authInfo.firstSeen" },
                  operator: "is-true",
                  predicate: inline(""),
                },
              ],
            },
            { interactionId: "ELSE", name: "Existing user" },
          ],
          ...to(["c1", "6"], ["ELSE", "8"]),
        },
        "6": {
          id: "6",
          type: "screen",
          name: "Tell us more",
          screenId: PROFILE,
          ...seen(1750, -50),
          ...to(["btnSave", "7"]),
        },
        "7": {
          id: "7",
          type: "automated",
          action: "connector",
          name: "Tell CRM",
          arguments: {
            connectorId: inline("CI2exampleexampleexampleexamp"),
            templateId: inline("http"),
            command: inline("post"),
            args: inline([{ key: "endpoint", type: "string", value: "/users" }]),
            resultPath: inline("connectors.crm"),
            exchangeStepId: inline(""),
          },
          errorHandlingV2: { ConnectorFailed: { errorHandlingType: "custom" } },
          ...seen(2100, -50),
          ...to(["success", "10"], ["ConnectorFailed", "10"]),
        },
        "8": {
          id: "8",
          type: "flow",
          name: "Step up",
          arguments: { flowId: inline("step-up") },
          ...seen(1750, 200),
          ...to(["3.success", "9"]),
        },
        "9": { id: "9", type: "automated", action: "logged-in", name: "End", ...seen(2500, 100), next: {} },
        "10": {
          id: "10",
          type: "automated",
          action: "scriptlet",
          name: "Score",
          arguments: {
            scriptCode: inline("const x = 1;\nreturn x;"),
            outputPath: inline("score"),
            overrideForm: inline(false),
          },
          errorHandlingV2: { ScriptletFailed: { errorHandlingType: "automatic" } },
          ...seen(2300, 80),
          ...to(["success", "9"]),
        },
        "11": {
          id: "11",
          type: "automated",
          action: "sign-up-or-in-magic-link-email",
          name: "Send link",
          arguments: { verifyStepId: inline("11.end") },
          ...seen(350, 450),
          ...to(["success", "12"], ["success", "11.end"]),
        },
        "11.end": {
          id: "11.end",
          type: "automated",
          action: "verify-magic-link",
          name: "Send link",
          arguments: { verifyStepId: inline("11.end") },
          ...seen(350, 450),
          ...to(["success", "5"]),
        },
        "12": {
          id: "12",
          type: "screen",
          name: "Link sent",
          screenId: SENT,
          ...seen(700, 450),
          ...to(["polling", "11"]),
        },
      },
    },
    screens: [
      screen(WELCOME, {
        title: ["Text", { children: "Welcome back" }],
        email: ["EmailInput", { label: "E-mail", required: true }],
        error: ["ErrorMessage", {}],
        btnEmail: ["Button", { children: "Continue" }],
        btnGoogle: ["GoogleButton", { children: "Continue with Google" }],
        btnLink: ["Button", { children: "Send me a link" }],
      }),
      screen(VERIFY, {
        code: ["Code", { digits: 6 }],
        error: ["ErrorMessage", {}],
        btnVerify: ["Button", { children: "Verify" }],
      }),
      screen(PROFILE, {
        fullName: ["FullNameInput", { label: "Name" }],
        error: ["ErrorMessage", {}],
        btnSave: ["Button", { children: "Save" }],
      }),
      screen(SENT, {
        text: ["Text", { children: "Look into your mail, {{sentTo.maskedEmail}}" }],
        error: ["ErrorMessage", {}],
      }),
    ],
    references: { connectors: { "CRM API": "CI2exampleexampleexampleexamp" } },
  };
}

/** A copy that shares nothing. */
export function copy<T>(value: T): T {
  return structuredClone(value);
}

function jsonFile(path: string, content: Json): JsonFile {
  const text = JSON.stringify(content, null, 2);
  return { path, content: JSON.parse(text) as Json, text };
}

/** The files of a snapshot's flow folder, by name. */
export function folderFiles(flow: Invented): Map<string, JsonFile> {
  const slug = (i: number) => String(flow.screens[i]?.screenId).slice(2).toLowerCase();
  const files: [string, Json][] = [
    [
      "metadata.json",
      { ...flow.metadata, references: flow.references, screens: flow.screens.map((_, i) => slug(i)).sort() },
    ],
    ["contents.json", flow.contents],
    ...flow.screens.map((one, i): [string, Json] => [`screen-${slug(i)}.json`, one]),
  ];
  return new Map(files.map(([name, content]) => [name, jsonFile(`flows/${flow.id}/${name}`, content)]));
}

/** Shape B. */
export function fileShape(flow: Invented): JsonObject {
  return {
    flowId: flow.id,
    metadata: flow.metadata,
    contents: flow.contents,
    screens: flow.screens,
    references: flow.references,
  };
}

/** Shape C, as the console wrote it before. It cannot hold references. */
function consoleShape(flow: Invented): JsonObject {
  const { translation, componentsVersion, ...settings } = flow.metadata;
  const parts = (translation ?? {}) as JsonObject;
  return {
    flow: {
      id: flow.id,
      ...settings,
      ...(translation === undefined
        ? {}
        : {
            translate: parts.enabled ?? false,
            translateConnectorID: parts.connectorId ?? "",
            translateSourceLang: parts.sourceLanguage ?? "",
            translateTargetLangs: parts.targetLanguages ?? [],
          }),
      dsl: flow.contents,
      version: 7,
      etag: "1",
      modifiedTime: 1700000000,
    },
    screens: flow.screens.map(({ screenId, contents, ...rest }) => ({
      ...rest,
      id: screenId ?? "",
      htmlTemplate: contents ?? {},
      componentsVersion: componentsVersion ?? "",
      inputs: [],
      version: 3,
      flowId: flow.id,
    })),
  };
}

/** A flow read from each of the four shapes. */
export function allShapes(flow: Invented): Record<"folder" | "file" | "wrapped" | "console", FlowSource> {
  return {
    folder: readFlowFolder(flow.id, `flows/${flow.id}`, folderFiles(flow)),
    file: readFlowFile(jsonFile("file.json", fileShape(flow)), "other"),
    wrapped: readFlowFile(jsonFile("reply.json", { flow: fileShape(flow) }), "other"),
    console: readFlowFile(jsonFile("console.json", consoleShape(flow)), "other"),
  };
}

/** The flow as the folder shape has it. */
export function source(flow: Invented): FlowSource {
  return allShapes(flow).folder;
}

/** A flow of `count` steps in a shape that real ones have: ways in, checks, errors that lead back, one end. */
export function largeFlow(count = 52): Invented {
  const flow = everyKind();
  const tasks: Record<string, JsonObject> = {};
  const screens: JsonObject[] = [];
  const columns = 9;
  const place = (i: number) => seen((i % columns) * 340, Math.floor(i / columns) * 260 + ((i * 37) % 60));
  const last = String(count - 2);
  tasks.start = { id: "start", ...seen(-300, 0), ...to(["", "0"]) };
  for (let i = 0; i < count - 2; i++) {
    const id = String(i);
    const next = String(i + 1);
    const far = String(Math.min(count - 2, i + 7));
    const back = String(Math.max(0, i - (i % 5)));
    if (i % 5 === 0) {
      const screenId = `SC2screen${String(i).padStart(20, "0")}`;
      screens.push(
        screen(screenId, {
          error: ["ErrorMessage", {}],
          [`b${i}`]: ["Button", { children: `Continue ${i}` }],
          [`g${i}`]: ["GoogleButton", { children: "Continue with Google" }],
        }),
      );
      tasks[id] = {
        id,
        type: "screen",
        name: `Screen ${i}`,
        screenId,
        ...place(i),
        ...to([`b${i}`, next], [`g${i}`, far]),
      };
    } else if (i % 5 === 3) {
      tasks[id] = {
        id,
        type: "condition",
        name: `Is it ${i}?`,
        ...place(i),
        conditions: [
          {
            interactionId: `c${i}`,
            name: `Yes ${i}`,
            atomicConditions: [
              {
                target: { type: "context", value: "user.verifiedEmail" },
                operator: "is-true",
                predicate: inline(""),
              },
            ],
          },
          { interactionId: "ELSE", name: "" },
        ],
        ...to([`c${i}`, next], ["ELSE", far]),
      };
    } else {
      tasks[id] = {
        id,
        type: "automated",
        action: i % 5 === 1 ? "sign-up-or-in-otp-email" : i % 5 === 2 ? "verify-code-otp-email" : "connector",
        name: `Action number ${i}`,
        arguments: i % 5 === 4 ? { connectorId: inline("CI2exampleexampleexampleexamp") } : {},
        errorHandlingV2: { generic_error: { errorHandlingType: "custom" } },
        ...place(i),
        ...to(["success", next], ["generic_error", back]),
      };
    }
  }
  tasks[last] = {
    id: last,
    type: "automated",
    action: "logged-in",
    name: "End",
    ...place(count - 2),
    next: {},
  };
  return { ...flow, id: "large", contents: { startTask: "0", tasks }, screens };
}
