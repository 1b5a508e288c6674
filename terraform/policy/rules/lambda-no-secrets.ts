import { getBlocks, getStrings } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";
import { detectSecret } from "../secret-literals.ts";

/** No variable of a function is a secret. */
export const functionSecrets: Rule = {
  id: "CKV_AWS_45",
  description: "No variable of a function is a secret.",
  rationale: "It would be in the state, in the plan and in the console, for everybody who may look.",
  appliesTo: ["aws_lambda_function"],
  check: ({ body }) =>
    getBlocks(body, "environment", "variables").flatMap((variables) =>
      Object.keys(variables)
        .filter((name) =>
          getStrings(variables, name).some((value) => detectSecret(name, value) !== undefined),
        )
        .flatMap((name) =>
          failUnless(
            false,
            `has a secret in its variable ${name}`,
            "Keep it in Secrets Manager and give the function its name.",
          ),
        ),
    ),
};
