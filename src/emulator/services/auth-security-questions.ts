import * as operations from "../../api/operations/auth-security-questions.ts";
import { signedInAs, signedInUser } from "../auth/current-session.ts";
import { questionsFor, storeAnswers, tryAnswers, wrongAnswers } from "../auth/security-questions.ts";
import { auditLogin, requireEnabled, signIn } from "../auth/sign-in.ts";
import { requireMethod } from "../auth/settings.ts";
import { on, type Service } from "../service.ts";
import { auditUser } from "../users/user-changes.ts";
import { putUser } from "../users/user-store.ts";

const METHOD = "securityquestions";

/** Questions that a user answers beside another proof: right answers are a factor more of the session. */
export const securityQuestionService: Service = [
  on(operations.setup, ({ loginId, answers }, call) => {
    const { project } = call;
    requireMethod(project, METHOD);
    const { user } = signedInAs(call, loginId);
    const securityAnswers = storeAnswers(project, answers);
    const saved = putUser(project, { ...user, securityAnswers, modifiedTime: project.clock.now() });
    auditUser(project, "SecurityQuestionsSet", saved, user.userId);
    return {};
  }),
  on(operations.questions, (_input, call) => {
    requireMethod(call.project, METHOD);
    return { questions: questionsFor(call.project, signedInUser(call).user) };
  }),
  on(operations.verify, ({ loginId, answers, stepup }, call) => {
    const { project } = call;
    requireMethod(project, METHOD);
    const { user, session } = signedInAs(call, loginId);
    requireEnabled(call, user, METHOD);
    const { kept, fault } = tryAnswers(project, user.securityAnswers, answers);
    const saved = kept === undefined ? user : putUser(project, { ...user, securityAnswers: kept });
    if (fault !== undefined) {
      auditLogin(call, "LoginFailed", saved, METHOD, fault);
      throw wrongAnswers(fault);
    }
    const options = stepup === true ? { stepup } : { mfa: true };
    // "kba", knowledge-based authentication: RFC 8176.
    return signIn(call, saved, { method: METHOD, amr: ["kba"], options, sessionId: session.id });
  }),
];
