import { getBlocks, getStrings } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";
import { detectSecret } from "../secret-literals.ts";

/** Function environment variables contain no secrets. */
export const functionSecrets: Rule = {
  id: "CKV_AWS_45",
  description: "Function environment variables contain no secrets.",
  rationale: "A secret would be readable in the state, in plans and in the console.",
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
            "Store it in Secrets Manager and pass its name to the function.",
          ),
        ),
    ),
};
