import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { embedConfiguration, readCompiledFunction } from "../build/function-bundle.ts";
import { serializeJobConfiguration } from "../pipeline/configuration/job-configuration.ts";
import { parseConfiguration } from "../pipeline/configuration/schema.ts";
import type { apiEnvironment } from "../pipeline/environment/api.ts";
import type { jobEventsEnvironment } from "../pipeline/environment/job-events.ts";
import type { onOutputEnvironment } from "../pipeline/environment/on-output.ts";
import type { reconcilerEnvironment } from "../pipeline/environment/reconciler.ts";
import type { responseEventsEnvironment } from "../pipeline/environment/response-events.ts";
import type { routerEnvironment } from "../pipeline/environment/router.ts";
import type { sweepEnvironment } from "../pipeline/environment/sweep.ts";
import type {
  transcoderApiEnvironment,
  transcoderDispatcherEnvironment,
  transcoderEventsEnvironment,
} from "../pipeline/environment/transcoder.ts";
import type { webhooksEnvironment } from "../pipeline/environment/webhooks.ts";
import type * as z from "../pipeline/schema/z.ts";
import input from "../reelway.config.ts";
import { median } from "./measure.ts";
import type { BenchResult } from "./result.ts";

const runCount = 5;
/** Inside node_modules, so that the unbundled program can resolve its packages. */
const folder = "node_modules/.reelway-bench";

/** Creates variables that satisfy all schemas of functions in `pipeline/environment/`. */
const createEnvironment = (configuration: string) =>
  ({
    CONFIGURATION: configuration,
    OUTPUT_BUCKET: "output",
    INPUT_BUCKET: "input",
    JOBS_TABLE: "jobs",
    TRANSCODER_TABLE: "transcoder",
    RESPONSES_TABLE: "responses",
    TOPIC_ARN: "arn:aws:sns:us-east-1:123456789012:finished",
    TRANSCODER_KEYS_SECRET: "keys",
    AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: "http://127.0.0.1:1",
    AWS_REGION: "us-east-1",
    STAGE: "reelway-bench",
    TRANSCODER_PIPELINE_ID: "1111111111111-reelwy",
    DISPATCHER_QUEUE_URL: "http://127.0.0.1:1/queue",
    ACCOUNT_ID: "123456789012",
    MAX_CONCURRENT_JOBS: "2",
    CLUSTER: "cluster",
    TASK_DEFINITION: "task",
    CONTAINER_NAME: "ffmpeg",
    SUBNETS: "subnet-1",
    SECURITY_GROUPS: "sg-1",
    API_KEYS_SECRET: "api-keys",
    ACCOUNTS_SECRET: "accounts",
    PLAYBACK_SECRET: "playback",
    SITE_PARAMETER: "/reelway/bench/site",
    STAGE_NAME: "bench",
    ROLE_NAME: "bench",
    WORKER_ARCHITECTURE: "X86_64",
    WORKER_SCRATCH_GIB: "50",
    CAPACITY_PROVIDER: "FARGATE",
    ASSIGN_PUBLIC_IP: "DISABLED",
    REELWAY_VERSION: "1.0.0",
    QUEUE_PREFIX: "reelway-bench-webhook-",
  }) satisfies Record<string, string> &
    z.input<typeof apiEnvironment> &
    z.input<typeof jobEventsEnvironment> &
    z.input<typeof onOutputEnvironment> &
    z.input<typeof reconcilerEnvironment> &
    z.input<typeof responseEventsEnvironment> &
    z.input<typeof routerEnvironment> &
    z.input<typeof sweepEnvironment> &
    z.input<typeof transcoderApiEnvironment> &
    z.input<typeof transcoderEventsEnvironment> &
    z.input<typeof transcoderDispatcherEnvironment> &
    z.input<typeof webhooksEnvironment>;

const measureImportMs = async (path: string, env: Record<string, string>): Promise<number> => {
  const program = `const t=performance.now();require(${JSON.stringify(join(process.cwd(), path))});console.log(performance.now()-t);process.exit(0)`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { env }).catch(
    (failure: { stderr: string }) => {
      // A minified bundle is one line of half a megabyte, so only the error's line is shown.
      const line = failure.stderr.split("\n").find((text) => /^\w*Error: /.test(text));
      throw new Error(`Could not import ${path}: ${line ?? "see its standard error"}`);
    },
  );
  return Number(stdout.trim().split("\n").at(-1));
};

/** Measures the size and the import time of every function's bundle, the latter relative to unbundled packages. */
export const benchBundles = async (): Promise<readonly BenchResult[]> => {
  const jobConfiguration = serializeJobConfiguration(parseConfiguration(input));
  const functions = (await readdir("lambdas"))
    .filter((name) => existsSync(`lambdas/${name}/index.ts`))
    .sort();
  await mkdir(folder, { recursive: true });
  try {
    const results: BenchResult[] = [];
    for (const name of functions) {
      const configuration = name === "webhooks" ? "[]" : jobConfiguration;
      const env = createEnvironment(configuration);
      const entry = `lambdas/${name}/index.ts`;
      const path = `${folder}/${name}.cjs`;
      const { "index.js": code } = embedConfiguration(await readCompiledFunction(name), configuration);
      await writeFile(path, code);
      const bytes = code.length;
      const unbundled = `${folder}/${name}.unbundled.cjs`;
      await build({
        entryPoints: [entry],
        outfile: unbundled,
        bundle: true,
        packages: "external",
        platform: "node",
        format: "cjs",
        logLevel: "silent",
      });
      const times: { bundled: number[]; unbundled: number[] } = { bundled: [], unbundled: [] };
      // Alternating, so that other load affects both.
      for (let run = 0; run < runCount; run += 1) {
        times.bundled.push(await measureImportMs(path, env));
        times.unbundled.push(await measureImportMs(unbundled, env));
      }
      const kilobytes = Math.round(bytes / 1000);
      results.push(
        {
          name: `${name}: bundle`,
          value: kilobytes,
          unit: "KB",
          target: { atMost: { api: 800, router: 750 }[name] ?? 450 },
        },
        { name: `${name}: import time`, value: Math.round(median(times.bundled)), unit: "ms" },
        {
          name: `${name}: import time relative to unbundled`,
          value: median(times.bundled) / median(times.unbundled),
          unit: "×",
          target: { atMost: 0.6 },
        },
      );
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
