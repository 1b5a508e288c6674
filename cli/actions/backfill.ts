import { S3Client } from "@aws-sdk/client-s3";
import { commandClientOptions } from "../../adapters/aws/command-client.ts";
import { createS3ObjectLookup } from "../../adapters/aws/object-lookup.ts";
import { createDynamoSweepStore } from "../../adapters/aws/sweep-store.ts";
import { noMetrics } from "../../adapters/local/metrics.ts";
import { CommandError, formatError, UsageError } from "../../pipeline/errors/errors.ts";
import {
  type BackfillPlan,
  type BackfillResult,
  claimBackfill,
  planBackfill,
  requireDeployedRoute,
} from "../../pipeline/jobs/backfill.ts";
import { type CostEstimate, estimateBackfill } from "../../pipeline/prices/estimate-backfill.ts";
import { getRecipeName } from "../../pipeline/routing/route.ts";
import { getRouteTaskSize } from "../../pipeline/routing/task-sizes.ts";
import { formatBytes, toPrintable } from "../../pipeline/text/format.ts";
import { createConfirmPrompt } from "../confirm.ts";
import { openDisplay } from "../render/display.ts";
import { onStopSignal } from "../signals.ts";
import { openStage } from "./open-stage.ts";

/** Options of `reelway backfill`. */
export interface BackfillOptions {
  readonly stage?: string;
  readonly route: string;
  /** ISO 8601. */
  readonly since: string;
  /** ISO 8601. @default now */
  readonly until?: string;
  readonly yes?: true;
  readonly json?: true;
}

/** Uploads that are done, or versions that are read, per line of progress without a terminal. */
const countPerLine = 10_000;
/** Failed uploads that are listed; the others are counted. */
const maxListedFailures = 20;

const writeLine = (line: string): void => {
  process.stderr.write(`${toPrintable(line)}\n`);
};
const formatUploads = (count: number): string => `${count} ${count === 1 ? "upload" : "uploads"}`;

/** Shows a growing count while `run` runs. */
const withProgress = async <Result>(
  formatLine: (count: number) => string,
  run: (onProgress: (count: number) => void) => Promise<Result>,
): Promise<Result> => {
  const display = await openDisplay(process.stderr);
  try {
    return await run((count) => {
      const line = formatLine(count);
      display.update(line, count % countPerLine === 0 ? [line] : []);
    });
  } finally {
    display.close();
  }
};

const describeDrain = (count: number, maxJobsPerHour: number): string => {
  const hours = Math.ceil(count / maxJobsPerHour);
  return `The limit of ${maxJobsPerHour} jobs an hour (limits.maxJobsPerHour) starts them within about ${hours === 1 ? "an hour" : `${hours} hours`}, if nothing else is uploaded.`;
};

const formatRange = ({ minUsd, maxUsd }: CostEstimate): string => {
  const [min, max] = [minUsd.toFixed(2), maxUsd.toFixed(2)];
  if (max === "0.00") return "less than $0.01";
  return min === max ? `about $${max}` : `$${min} to $${max}`;
};

const describePlan = (
  { uploads, bytes, withJob }: BackfillPlan,
  estimate: CostEstimate,
  maxJobsPerHour: number,
): readonly string[] => [
  `Without a job: ${formatUploads(uploads.length)}, ${formatBytes(bytes)}. With a job, left out: ${withJob}.`,
  `Estimated cost: ${formatRange(estimate)}. It is an estimate, not an offer:`,
  ...estimate.assumptions.map((assumption) => `  - ${assumption}`),
  describeDrain(uploads.length, maxJobsPerHour),
];

/** Writes what failed and was not done. @throws CommandError if an upload got no job */
const reportResult = ({ claimed, skipped, failed, rest }: BackfillResult, total: number): void => {
  for (const { key, cause } of failed.slice(0, maxListedFailures)) writeLine(`${key}: ${formatError(cause)}`);
  if (failed.length > maxListedFailures)
    writeLine(`${formatUploads(failed.length - maxListedFailures)} more failed; --json lists them all.`);
  const skippedText = skipped === 0 ? "" : `, ${skipped} removed or claimed by others meanwhile`;
  writeLine(`${claimed} of ${formatUploads(total)} got a job${skippedText}, ${failed.length} failed.`);
  if (rest > 0)
    throw new CommandError(
      `${formatUploads(rest)} got no job, because ${claimed === 0 && failed.length > 0 ? "all before them failed" : "the command was stopped"}. Run it again to continue: those with a job are left out.`,
    );
  if (failed.length > 0)
    throw new CommandError(`${failed.length} of ${formatUploads(total)} got no job. Run the command again.`);
};

/**
 * Creates the jobs of a route's uploads that have none, after a question with their number, size and cost.
 *
 * @throws UserError for an unknown stage or route, one that is not deployed, missing rights, or uploads without a job
 */
export const backfill = async (options: BackfillOptions): Promise<void> => {
  const { stage, since, until = new Date().toISOString() } = options;
  if (stage === undefined)
    throw new UsageError(
      "Name the stage: --stage NAME. On one machine there is no stage: to process files again, upload them again (npx reelway upload FILES) or copy them into the drop folder again (.reelway/input).",
    );
  if (since >= until) throw new UsageError(`--since ${since} is not before --until ${until}.`);
  const { configuration, deployment, names, region, database, clock, jobs, request } = await openStage(stage);
  const route = configuration.routes.find(({ name }) => name === options.route);
  if (route === undefined)
    throw new UsageError(
      `Route ${options.route} does not exist. Available routes: ${configuration.routes.map(({ name }) => name).join(", ")}.`,
    );
  const stop = new AbortController();
  const removeListener = onStopSignal(() => stop.abort());
  try {
    const ports = {
      configuration,
      inputBucket: deployment.inputBucket,
      outputBucket: deployment.outputBucket,
      jobs,
      sweeps: createDynamoSweepStore(database, names.jobsTable),
      objects: createS3ObjectLookup(new S3Client({ ...commandClientOptions, region })),
      clock,
      log: { info: () => undefined, warn: writeLine, error: writeLine },
      metrics: noMetrics,
    };
    const plan = await request(async () => {
      await requireDeployedRoute(ports, route, stage);
      return withProgress(
        (versions) => `${versions} versions read`,
        (onProgress) =>
          planBackfill(ports, { route, since, until }, (versions) => {
            stop.signal.throwIfAborted();
            onProgress(versions);
          }),
      );
    });
    const { uploads, bytes, withJob } = plan;
    const estimate = estimateBackfill(
      uploads.map(({ source }) => source.bytes),
      getRecipeName(route),
      {
        ...getRouteTaskSize(configuration.taskSizes, route),
        architecture: deployment.worker.architecture,
        scratchGiB: deployment.worker.scratchGiB,
        hasPublicAddress: deployment.network === "public",
      },
    );
    const writeJson = ({ claimed, skipped, failed, rest }: BackfillResult): void => {
      if (!options.json) return;
      const failures = failed.map(({ key, cause }) => ({ key, message: formatError(cause) }));
      const document = {
        stage,
        route: route.name,
        since,
        until,
        uploads: uploads.length,
        bytes,
        withJob,
        estimate,
      };
      process.stdout.write(
        `${JSON.stringify({ ...document, claimed, skipped, failed: failures, rest }, null, 2)}\n`,
      );
    };
    const nothing: BackfillResult = { claimed: 0, skipped: 0, failed: [], rest: uploads.length };
    writeLine(`Route ${route.name} of stage ${stage}, uploads from ${since} until ${until}.`);
    if (uploads.length === 0) {
      writeLine(`Every upload has a job (${withJob}). No action needed.`);
      return writeJson(nothing);
    }
    for (const line of describePlan(plan, estimate, configuration.limits.maxJobsPerHour)) writeLine(line);
    const confirm = createConfirmPrompt(
      options.yes === true,
      stop.signal,
      "See the count and the cost above",
    );
    if (!(await confirm(`Create ${uploads.length === 1 ? "1 job" : `${uploads.length} jobs`}?`))) {
      writeJson(nothing);
      throw new CommandError("No job was created.");
    }
    const result = await withProgress(
      (done) => `${done} of ${formatUploads(uploads.length)} done`,
      (onProgress) => claimBackfill(ports, uploads, { stop: stop.signal, onProgress }),
    );
    writeJson(result);
    reportResult(result, uploads.length);
  } finally {
    removeListener();
  }
};
