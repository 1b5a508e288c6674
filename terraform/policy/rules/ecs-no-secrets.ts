import { bodies, text } from "../block-values.ts";
import { everyContainer } from "../containers.ts";
import { type Rule, unless } from "../rule.ts";
import { secretIn } from "../secret-literals.ts";

/** The names that Security Hub looks for; the role gives a task its keys. */
const keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA"];
const isSecret = (name: string, value: string): boolean =>
  keys.includes(name) || secretIn(name, value) !== undefined;

/** No variable of a container is a secret. */
export const containerSecrets: Rule = {
  id: "ECS.8",
  what: "No variable of a container is a secret.",
  why: "It would be in the state, in the plan and in the console, for everybody who may look.",
  appliesTo: ["aws_ecs_task_definition"],
  check: (block) =>
    everyContainer(block, (container) =>
      bodies(container, "environment")
        .filter((variable) => isSecret(text(variable, "name") ?? "", text(variable, "value") ?? ""))
        .flatMap((variable) =>
          unless(
            false,
            `has a secret in the variable ${text(variable, "name")} of container ${text(container, "name")}`,
            "Name it under secrets, by its ARN in Secrets Manager, or let the program ask for it.",
          ),
        ),
    ),
};
