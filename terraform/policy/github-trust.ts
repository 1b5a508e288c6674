import { failUnless, type Problem } from "./rule.ts";
import type { Statement } from "./statements.ts";

const issuer = "token.actions.githubusercontent.com";

const hasExactCondition = (
  statement: Statement,
  claim: string,
  isValid: (value: string) => boolean,
): boolean =>
  statement.conditions.some(
    ({ operator, key, values }) =>
      /^String(Equals|Like)$/.test(operator) &&
      key.toLowerCase() === `${issuer}:${claim}` &&
      values.length > 0 &&
      values.every((value) => !/[*?]/.test(value.replaceAll(/\$\{[^}]*\}/g, "")) && isValid(value)),
  );

/** Checks the statements that let GitHub workflows assume a role (GitHub, "Configuring OpenID Connect in AWS"). */
export const checkGithubTrust = (statements: readonly Statement[]): readonly Problem[] =>
  statements
    .filter(
      ({ isAllow, actions, principals }) =>
        isAllow &&
        actions.some((action) => /^sts:(AssumeRoleWithWebIdentity|\*)$/i.test(action)) &&
        principals.some(
          ([kind, who]) => kind !== "Service" && /githubusercontent|openid_connect_provider/.test(who),
        ),
    )
    .flatMap((statement) => [
      ...failUnless(
        hasExactCondition(statement, "sub", (value) => value.startsWith("repo:")),
        "can be assumed by unnamed workflows",
        `Add a StringEquals condition on ${issuer}:sub with repo:OWNER/NAME:…, without wildcards.`,
      ),
      ...failUnless(
        hasExactCondition(statement, "aud", (value) => value === "sts.amazonaws.com"),
        "can be assumed with tokens issued for another service",
        `Add a StringEquals condition on ${issuer}:aud with sts.amazonaws.com.`,
      ),
    ]);
