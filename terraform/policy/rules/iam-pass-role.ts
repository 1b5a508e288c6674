import { checkIdentityPolicies, identityPolicyTypes } from "../policy-checks.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Whether an action pattern includes iam:PassRole. */
const canPassRole = (action: string): boolean =>
  new RegExp(`^${action.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i").test("iam:PassRole");

/** Permissions for iam:PassRole name exact roles and services. */
export const exactPassRole: Rule = {
  id: "AWS-0342",
  description: "Permissions for iam:PassRole name exact roles and services.",
  rationale: "Permission to pass any role grants the permissions of all roles.",
  appliesTo: identityPolicyTypes,
  check: (block, graph) =>
    checkIdentityPolicies(block, graph, (statements) =>
      statements
        .filter(({ isAllow, actions }) => isAllow && actions.some(canPassRole))
        .flatMap(({ resources, conditions }) => [
          ...resources
            .filter((resource) => /[*?]/.test(resource.replaceAll(/\$\{[^}]*\}/g, "")))
            .flatMap((resource) =>
              failUnless(
                false,
                `allows passing every role of ${resource}`,
                "Name the ARN of each role it passes.",
              ),
            ),
          ...failUnless(
            conditions.some(
              ({ operator, key, values }) =>
                operator === "StringEquals" &&
                key.toLowerCase() === "iam:passedtoservice" &&
                values.length > 0,
            ),
            "allows passing a role to every service",
            "Add the condition StringEquals iam:PassedToService.",
          ),
        ]),
    ),
};
