import { getString, isTrue } from "../block-values.ts";
import { checkContainers } from "../containers.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Containers have a read-only root file system. */
export const readOnlyRoot: Rule = {
  id: "CKV_AWS_336",
  description: "Containers have a read-only root file system.",
  rationale: "Hostile media that exploits ffmpeg could otherwise change the container's programs.",
  appliesTo: ["aws_ecs_task_definition"],
  check: (block) =>
    checkContainers(block, (container) =>
      failUnless(
        isTrue(container, "readonlyRootFilesystem"),
        `lets container ${getString(container, "name")} write to its root file system`,
        "Set readonlyRootFilesystem to true and give it a scratch volume.",
      ),
    ),
};
