import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as z from "zod";
import { App } from "#cdktf";
import { importModule } from "./build/import-module.ts";
import { findBucketConflicts } from "./modules/bucket-conflicts.ts";
import { packageFunction } from "./modules/function-package.ts";
import { type FunctionPackages, functionNames } from "./modules/function-packages.ts";
import { unprotectedContextKey } from "./modules/stack.ts";
import { serializeJobConfiguration } from "./pipeline/configuration/job-configuration.ts";
import { ConfigurationError, parseConfiguration } from "./pipeline/configuration/schema.ts";
import { UserError } from "./pipeline/errors/errors.ts";
import { createComputeStack } from "./stacks/compute.ts";
import { createPipelinesStack } from "./stacks/pipelines.ts";
import { createRegistryStack } from "./stacks/registry.ts";
import { createRoutingStack } from "./stacks/routing.ts";
import { createStateStack } from "./stacks/state.ts";
import { createStorageStack } from "./stacks/storage.ts";
import { createTranscoderStack } from "./stacks/transcoder.ts";
import { assertDeadLetterQueues } from "./terraform/policy/dead-letter-queues.ts";
import { readSynthesisedJson } from "./terraform/policy/synthesised-json.ts";

const imageSchema = z.object({ repository: z.string().min(1), digest: z.string().nullable() });
const outputDirectory = resolve(process.env.CDKTF_OUTDIR ?? "cdktf.out");
const configurationPath = resolve(process.env.REELWAY_CONFIG || "reelway.config.ts");

/** Synthesises the stacks of every stage. */
const synthesise = async (): Promise<void> => {
  const configuration = parseConfiguration((await importModule(configurationPath)).default);
  const problems = findBucketConflicts(configuration);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const image = imageSchema.parse(JSON.parse(readFileSync("docker/ffmpeg/image.json", "utf8")));
  const jobConfiguration = serializeJobConfiguration(configuration);
  const packages = Object.fromEntries(
    await Promise.all(
      functionNames.map(async (name) => [name, await packageFunction(name, jobConfiguration)] as const),
    ),
  ) as FunctionPackages;
  const app = new App({
    outdir: outputDirectory,
    context: { [unprotectedContextKey]: (process.env.REELWAY_UNPROTECT ?? "").split(",") },
  });
  for (const [stage, settings] of Object.entries(configuration.stages)) {
    const deployment = { project: configuration.project, stage, ...settings };
    const state = createStateStack(app, deployment);
    const registry = createRegistryStack(app, deployment);
    const storage = createStorageStack(app, deployment);
    const compute = createComputeStack(app, deployment, configuration, image);
    const transcoder = createTranscoderStack(app, deployment, packages);
    const pipelines = createPipelinesStack(app, deployment, configuration);
    const routing = createRoutingStack(app, deployment, configuration, packages);
    for (const stack of [registry, storage]) stack.addDependency(state);
    compute.addDependency(registry);
    compute.addDependency(storage);
    transcoder.addDependency(compute);
    pipelines.addDependency(transcoder);
    routing.addDependency(pipelines);
  }
  app.synth();
  assertDeadLetterQueues(await readSynthesisedJson(outputDirectory));
};

// Synth does not remove the folders of deleted stacks.
await rm(join(outputDirectory, "stacks"), { recursive: true, force: true });
try {
  await synthesise();
} catch (cause) {
  if (!(cause instanceof UserError)) throw cause;
  await rm(join(outputDirectory, "stacks"), { recursive: true, force: true });
  process.stderr.write(`${cause.message}\n`);
  process.exitCode = 1;
}
