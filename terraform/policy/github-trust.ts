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

/** Problems of statements that let GitHub's workflows take a role (GitHub, "Configuring OpenID Connect in AWS"). */
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
        "can be taken by more workflows than are named",
        `Compare ${issuer}:sub with repo:OWNER/NAME:… by StringEquals, without a pattern.`,
      ),
      ...failUnless(
        hasExactCondition(statement, "aud", (value) => value === "sts.amazonaws.com"),
        "can be taken with tokens that were made for another service",
        `Compare ${issuer}:aud with sts.amazonaws.com by StringEquals.`,
      ),
    ]);
