import { checkIdentityPolicies, identityPolicyTypes } from "../policy-checks.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Whether a pattern of actions lets a role be passed. */
const canPassRole = (action: string): boolean =>
  new RegExp(`^${action.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i").test("iam:PassRole");

/** A role is passed by its exact name, to a service that is named. */
export const exactPassRole: Rule = {
  id: "AWS-0342",
  description: "A role is passed by its exact name, to a service that is named.",
  rationale: "Whoever may pass any role to a task or function has all that role's rights.",
  appliesTo: identityPolicyTypes,
  check: (block, graph) =>
    checkIdentityPolicies(block, graph, (statements) =>
      statements
        .filter(({ isAllow, actions }) => isAllow && actions.some(canPassRole))
        .flatMap(({ resources, conditions }) => [
          ...resources
            .filter((resource) => /[*?]/.test(resource.replaceAll(/\$\{[^}]*\}/g, "")))
            .flatMap((resource) =>
              failUnless(false, `may pass every role of ${resource}`, "Name the ARN of each role it passes."),
            ),
          ...failUnless(
            conditions.some(
              ({ operator, key, values }) =>
                operator === "StringEquals" &&
                key.toLowerCase() === "iam:passedtoservice" &&
                values.length > 0,
            ),
            "may pass a role to every service",
            "Add the condition StringEquals iam:PassedToService.",
          ),
        ]),
    ),
};
