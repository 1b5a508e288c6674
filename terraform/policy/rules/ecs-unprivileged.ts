import { isOn, text } from "../block-values.ts";
import { everyContainer } from "../containers.ts";
import { type Rule, unless } from "../rule.ts";

/** Containers run unprivileged, as an ordinary user. */
export const unprivileged: Rule = {
  id: "CKV_AWS_334",
  what: "Containers run unprivileged, as an ordinary user.",
  why: "Hostile media that takes over ffmpeg would have the host's devices or the root user's rights.",
  appliesTo: ["aws_ecs_task_definition"],
  check: (block) =>
    everyContainer(block, (container) =>
      unless(
        !isOn(container, "privileged") && !/^(|0|root)(:|$)/.test(text(container, "user") ?? ""),
        `runs container ${text(container, "name")} privileged or as root`,
        "Set privileged to false and user to a number other than 0.",
      ),
    ),
};
