import { Command, InvalidArgumentError, Option } from "commander";
import { compressions, engineNames } from "../../terraform/image/engine-names.ts";
import type { ImageOptions } from "../actions/image.ts";
import { parseStage } from "./stage.ts";

/** Collects `NAME=VALUE` for the ARGs of the Dockerfile. */
const collectBuildArguments = (
  text: string,
  previous: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const [, name, value] = /^([A-Za-z_]\w*)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError(
      "A build argument is NAME=VALUE, e.g. BASE=docker.io/library/debian@sha256:….",
    );
  return { ...previous, [name]: value };
};

/** Adds the options for building the worker's image. */
export const withImageBuild = (command: Command): Command =>
  command
    .addOption(
      new Option("--engine <name>", "container engine (default: the first one found)").choices(engineNames),
    )
    .option(
      "--build-arg <name=value>",
      "build argument of the Dockerfile, e.g. BASE pinned by digest; repeatable",
      collectBuildArguments,
      {},
    )
    .addOption(
      new Option(
        "--compression <name>",
        "compression of the image's layers; zstd needs podman or buildah (default: gzip)",
      ).choices(compressions),
    );

/** `reelway image` */
export const imageCommand = (): Command =>
  withImageBuild(
    new Command("image")
      .description("build and push the worker's image and record its digest")
      .option(
        "--stage <name>",
        "build and push to the registry of this stage, unless the image exists",
        parseStage,
      )
      .option(
        "--rebuild",
        "build the image again although its sources are unchanged, with the security updates of its base",
      )
      .addOption(
        new Option(
          "--record",
          "record the hash of the sources without building, after a change to the worker",
        ).conflicts(["stage", "rebuild"]),
      ),
  )
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .action(async (options: ImageOptions) => (await import("../actions/image.ts")).recordImage(options));
