import * as enchanted from "../../../src/api/operations/auth-enchanted-links.ts";
import * as codes from "../../../src/api/operations/auth-recovery-codes.ts";
import * as questions from "../../../src/api/operations/auth-security-questions.ts";
import { example, sending, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { list, nothing, sessionReply, strict, text } from "./shapes.ts";

export const recoveryCodeExamples: Examples = [
  sending(codes.generate, strict({ codes: list(strict({ code: text })) }), async (scene) => {
    const { refreshJwt, user } = await scene.session();
    return { token: refreshJwt, input: { loginId: user.loginIds[0] } };
  }),
  example(codes.signIn, sessionReply, async (scene) => {
    const { refreshJwt, user } = await scene.session();
    const [loginId] = user.loginIds;
    const { codes: made } = await scene.auth.ok("/v1/auth/recovery-codes", { loginId }, refreshJwt);
    return { loginId, code: made[0]?.code };
  }),
];

const answers = ["pet", "city"].map((id) => ({ id, answer: "Rex" }));

/** Somebody who is signed in to a project that asks questions. */
async function asked(scene: Scene): Promise<{ token: string; loginId: string }> {
  const { files } = await scene.manage("/v1/mgmt/project/snapshot/export", {});
  files["auth/securityquestions.json"] = {
    ...files["auth/securityquestions.json"],
    enabled: true,
    securityQuestions: ["pet", "city"].map((id) => ({ id, text: `Which ${id}?` })),
    setupQuestionsCount: 2,
    verifyQuestionsCount: 2,
  };
  await scene.manage("/v1/mgmt/project/snapshot/import", { files });
  const { refreshJwt, user } = await scene.session();
  return { token: refreshJwt, loginId: user.loginIds[0] };
}

async function answered(scene: Scene): Promise<{ token: string; loginId: string }> {
  const { token, loginId } = await asked(scene);
  await scene.auth.ok("/v1/auth/security-questions/setup", { loginId, answers }, token);
  return { token, loginId };
}

export const securityQuestionExamples: Examples = [
  sending(questions.setup, nothing, async (scene) => {
    const { token, loginId } = await asked(scene);
    return { token, input: { loginId, answers } };
  }),
  sending(
    questions.questions,
    strict({ questions: list(strict({ id: text, text: text })) }),
    async (scene) => ({ token: (await answered(scene)).token }),
  ),
  sending(questions.verify, sessionReply, async (scene) => {
    const { token, loginId } = await answered(scene);
    return { token, input: { loginId, answers } };
  }),
];

export const enchantedPhoneExamples: Examples = [
  sending(
    enchanted.updatePhone,
    strict({ pendingRef: text, linkId: text, maskedPhone: text }),
    async (scene) => {
      const { refreshJwt, user } = await scene.session();
      return { token: refreshJwt, input: { method: "sms", loginId: user.loginIds[0], phone: scene.phone() } };
    },
  ),
];
