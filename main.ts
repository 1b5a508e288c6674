import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { App } from "#cdktf";
import { bucketContradictions } from "./modules/bucket-contradictions.ts";
import { type FunctionPackages, functionNames } from "./modules/function-packages.ts";
import { packageFunction } from "./modules/package.ts";
import { unprotectedContext } from "./modules/stack.ts";
import { jobConfigurationJson } from "./pipeline/configuration/job-configuration.ts";
import { ConfigurationError, parseConfiguration } from "./pipeline/configuration/schema.ts";
import { computeStack } from "./stacks/compute.ts";
import { pipelinesStack } from "./stacks/pipelines.ts";
import { registryStack } from "./stacks/registry.ts";
import { routingStack } from "./stacks/routing.ts";
import { stateStack } from "./stacks/state.ts";
import { storageStack } from "./stacks/storage.ts";
import { transcoderStack } from "./stacks/transcoder.ts";
import { assertHopsHaveDeadLetters, MissingDeadLetters } from "./terraform/policy/dead-letter-hops.ts";
import { readSynthesisedJson } from "./terraform/policy/synthesised-json.ts";

const imageSchema = z.object({ repository: z.string().min(1), digest: z.string().nullable() });
const outdir = resolve(process.env.CDKTF_OUTDIR ?? "cdktf.out");
const input = resolve(process.env.REELWAY_CONFIG ?? "reelway.config.ts");

/** Synthesises every stage. */
const synthesise = async (): Promise<void> => {
  const { default: value } = z
    .object({ default: z.unknown() })
    .parse(await import(pathToFileURL(input).href));
  const configuration = parseConfiguration(value);
  const problems = bucketContradictions(configuration);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const image = imageSchema.parse(JSON.parse(readFileSync("docker/ffmpeg/image.json", "utf8")));
  const json = jobConfigurationJson(configuration);
  const packages = Object.fromEntries(
    await Promise.all(functionNames.map(async (name) => [name, await packageFunction(name, json)] as const)),
  ) as FunctionPackages;
  const app = new App({
    outdir,
    context: { [unprotectedContext]: (process.env.REELWAY_UNPROTECT ?? "").split(",") },
  });
  for (const [stage, settings] of Object.entries(configuration.stages)) {
    const deployment = { project: configuration.project, stage, ...settings };
    const state = stateStack(app, deployment);
    const registry = registryStack(app, deployment);
    const storage = storageStack(app, deployment);
    const compute = computeStack(app, deployment, configuration, image);
    const transcoder = transcoderStack(app, deployment, packages);
    const pipelines = pipelinesStack(app, deployment, configuration);
    const routing = routingStack(app, deployment, configuration, packages);
    for (const stack of [registry, storage]) stack.addDependency(state);
    compute.addDependency(registry);
    compute.addDependency(storage);
    transcoder.addDependency(compute);
    pipelines.addDependency(transcoder);
    routing.addDependency(pipelines);
  }
  app.synth();
  assertHopsHaveDeadLetters(await readSynthesisedJson(outdir));
};

// Synth leaves the folders of stacks that are gone.
await rm(join(outdir, "stacks"), { recursive: true, force: true });
try {
  await synthesise();
} catch (cause) {
  if (!(cause instanceof ConfigurationError || cause instanceof MissingDeadLetters)) throw cause;
  await rm(join(outdir, "stacks"), { recursive: true, force: true });
  process.stderr.write(`${cause.message}\n`);
  process.exitCode = 1;
}
