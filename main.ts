import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { App } from "#cdktf";
import { packageFunction } from "./modules/package.ts";
import { jobConfigurationJson } from "./pipeline/configuration/job-configuration.ts";
import { parseConfiguration } from "./pipeline/configuration/schema.ts";
import input from "./reelway.config.ts";
import { computeStack } from "./stacks/compute.ts";
import { routingStack } from "./stacks/routing.ts";
import { storageStack } from "./stacks/storage.ts";

const outdir = resolve(process.env.CDKTF_OUTDIR ?? "cdktf.out");
// Synth leaves the folders of stacks that are gone.
await rm(join(outdir, "stacks"), { recursive: true, force: true });
const packages = await mkdtemp(join(tmpdir(), "reelway-synth-"));
try {
  const app = new App({ outdir });
  const configuration = parseConfiguration(input);
  const json = jobConfigurationJson(configuration);
  const router = await packageFunction("router", json, packages);
  for (const [stage, buckets] of Object.entries(configuration.stages)) {
    const deployment = { project: configuration.project, stage, ...buckets };
    storageStack(app, deployment);
    computeStack(app, deployment, json);
    routingStack(app, deployment, router);
  }
  app.synth();
} finally {
  await rm(packages, { recursive: true, force: true });
}
