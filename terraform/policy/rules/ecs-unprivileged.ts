import { getString, isTrue } from "../block-values.ts";
import { checkContainers } from "../containers.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Containers run unprivileged, as an ordinary user. */
export const unprivilegedContainers: Rule = {
  id: "CKV_AWS_334",
  description: "Containers run unprivileged, as an ordinary user.",
  rationale: "Hostile media that takes over ffmpeg would have the host's devices or the root user's rights.",
  appliesTo: ["aws_ecs_task_definition"],
  check: (block) =>
    checkContainers(block, (container) =>
      failUnless(
        !isTrue(container, "privileged") && !/^(|0|root)(:|$)/.test(getString(container, "user") ?? ""),
        `runs container ${getString(container, "name")} privileged or as root`,
        "Set privileged to false and user to a number other than 0.",
      ),
    ),
};
