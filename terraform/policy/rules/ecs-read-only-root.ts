import { isOn, text } from "../block-values.ts";
import { everyContainer } from "../containers.ts";
import { type Rule, unless } from "../rule.ts";

/** Containers have a read-only root. */
export const readOnlyRoot: Rule = {
  id: "CKV_AWS_336",
  what: "Containers have a read-only root.",
  why: "Hostile media that takes over ffmpeg could change the programs that run next.",
  appliesTo: ["aws_ecs_task_definition"],
  check: (block) =>
    everyContainer(block, (container) =>
      unless(
        isOn(container, "readonlyRootFilesystem"),
        `lets container ${text(container, "name")} write to its root`,
        "Set readonlyRootFilesystem to true and give it a scratch volume.",
      ),
    ),
};
