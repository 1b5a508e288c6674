import { getString, isTrue } from "../block-values.ts";
import { checkContainers } from "../containers.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Containers have a read-only root. */
export const readOnlyRoot: Rule = {
  id: "CKV_AWS_336",
  description: "Containers have a read-only root.",
  rationale: "Hostile media that takes over ffmpeg could change the programs that run next.",
  appliesTo: ["aws_ecs_task_definition"],
  check: (block) =>
    checkContainers(block, (container) =>
      failUnless(
        isTrue(container, "readonlyRootFilesystem"),
        `lets container ${getString(container, "name")} write to its root`,
        "Set readonlyRootFilesystem to true and give it a scratch volume.",
      ),
    ),
};
