import { getString, isTrue } from "../block-values.ts";
import { checkContainers } from "../containers.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Containers run unprivileged and not as root. */
export const unprivilegedContainers: Rule = {
  id: "CKV_AWS_334",
  description: "Containers run unprivileged and not as root.",
  rationale: "Hostile media that exploits ffmpeg would otherwise get the host's devices or root permissions.",
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
