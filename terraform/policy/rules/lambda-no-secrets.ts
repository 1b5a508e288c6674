import { bodies, texts } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";
import { secretIn } from "../secret-literals.ts";

/** No variable of a function is a secret. */
export const functionSecrets: Rule = {
  id: "CKV_AWS_45",
  what: "No variable of a function is a secret.",
  why: "It would be in the state, in the plan and in the console, for everybody who may look.",
  appliesTo: ["aws_lambda_function"],
  check: ({ body }) =>
    bodies(body, "environment", "variables").flatMap((variables) =>
      Object.keys(variables)
        .filter((name) => texts(variables, name).some((value) => secretIn(name, value) !== undefined))
        .flatMap((name) =>
          unless(
            false,
            `has a secret in its variable ${name}`,
            "Keep it in Secrets Manager and give the function its name.",
          ),
        ),
    ),
};
