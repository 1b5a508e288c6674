import { getBlocks, getString } from "../block-values.ts";
import { checkContainers } from "../containers.ts";
import { failUnless, type Rule } from "../rule.ts";
import { detectSecret } from "../secret-literals.ts";

/** The names that Security Hub looks for; the role gives a task its keys. */
const credentialVariables = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA"];
const isSecret = (name: string, value: string): boolean =>
  credentialVariables.includes(name) || detectSecret(name, value) !== undefined;

/** No variable of a container is a secret. */
export const containerSecrets: Rule = {
  id: "ECS.8",
  description: "No variable of a container is a secret.",
  rationale: "It would be in the state, in the plan and in the console, for everybody who may look.",
  appliesTo: ["aws_ecs_task_definition"],
  check: (block) =>
    checkContainers(block, (container) =>
      getBlocks(container, "environment")
        .filter((variable) => isSecret(getString(variable, "name") ?? "", getString(variable, "value") ?? ""))
        .flatMap((variable) =>
          failUnless(
            false,
            `has a secret in the variable ${getString(variable, "name")} of container ${getString(container, "name")}`,
            "Name it under secrets, by its ARN in Secrets Manager, or let the program ask for it.",
          ),
        ),
    ),
};
