import { getBlocks, getString } from "../block-values.ts";
import { checkContainers } from "../containers.ts";
import { failUnless, type Rule } from "../rule.ts";
import { detectSecret } from "../secret-literals.ts";

/** The variables that Security Hub checks; a task gets its credentials from its role. */
const credentialVariables = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA"];
const isSecret = (name: string, value: string): boolean =>
  credentialVariables.includes(name) || detectSecret(name, value) !== undefined;

/** Container environment variables contain no secrets. */
export const containerSecrets: Rule = {
  id: "ECS.8",
  description: "Container environment variables contain no secrets.",
  rationale: "A secret would be readable in the state, in plans and in the console.",
  appliesTo: ["aws_ecs_task_definition"],
  check: (block) =>
    checkContainers(block, (container) =>
      getBlocks(container, "environment")
        .filter((variable) => isSecret(getString(variable, "name") ?? "", getString(variable, "value") ?? ""))
        .flatMap((variable) =>
          failUnless(
            false,
            `has a secret in the variable ${getString(variable, "name")} of container ${getString(container, "name")}`,
            "Reference it under secrets by its Secrets Manager ARN, or let the program read it.",
          ),
        ),
    ),
};
