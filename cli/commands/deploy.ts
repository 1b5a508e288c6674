import { Command, InvalidArgumentError } from "commander";
import type { DeployOptions } from "../actions/deploy.ts";
import { withImageBuild } from "./image.ts";
import { withLockTimeoutOption, withStageOptions } from "./stage.ts";

const parseImage = (text: string): string => {
  if (!/^[^\s@]+@sha256:[0-9a-f]{64}$/.test(text))
    throw new InvalidArgumentError(
      "An image is identified by its digest: URI@sha256:… (64 hexadecimal characters).",
    );
  return text;
};

/** `reelway deploy` */
export const deployCommand = (): Command =>
  withImageBuild(
    withLockTimeoutOption(
      withStageOptions(
        new Command("deploy").description(
          "check a stage, build the worker's image and apply the stacks in order",
        ),
      ),
    )
      .option("--only <stack...>", "only these stacks, e.g. storage compute")
      .option("--image <uri@digest>", "worker image to deploy instead of building one", parseImage)
      .option("--no-doctor", "skip the checks of reelway doctor --stage, whose failures stop the deployment")
      .option("--yes", "apply without asking"),
  )
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .action(async (options: DeployOptions) => (await import("../actions/deploy.ts")).deploy(options));
