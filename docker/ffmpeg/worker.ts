import { availableParallelism } from "node:os";
import * as z from "zod";
import { exitCodes } from "../../pipeline/attempts/exit-codes.ts";
import { parseJobConfiguration } from "../../pipeline/configuration/job-configuration.ts";
import { directEnvironment, workerDefinition, workerEnvironment } from "../../pipeline/environment/worker.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { isJobId } from "../../pipeline/jobs/job-id.ts";
import type { Ledger, WorkOrder } from "../../pipeline/jobs/work-order.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import type { Clock, Log } from "../../pipeline/ports/services.ts";
import { probeCapabilities } from "./capabilities.ts";
import { Halt } from "./halt.ts";
import { createLog } from "./log.ts";
import { openDatabase } from "./open-database.ts";
import { objectsOfOrder, openObjects } from "./open-objects.ts";
import { findPrograms } from "./programs.ts";
import { ownTask } from "./task-arn.ts";
import { taskMemoryBytes } from "./task-memory.ts";
import { work } from "./work.ts";

/** The worker program: one attempt of one job, then exit. Adapters are loaded only as they are needed. */
const definition = (environment: NodeJS.ProcessEnv) => workerDefinition.parse(environment);
type Definition = ReturnType<typeof definition>;

const clock: Clock = { now: () => new Date() };

const openJobs = async ({ JOBS_TABLE, DATABASE_SOCKET }: Definition, table = JOBS_TABLE) => {
  const [client, { createDynamoJobStore }] = await Promise.all([
    openDatabase(DATABASE_SOCKET),
    import("../../adapters/aws/job-store.ts"),
  ]);
  return createDynamoJobStore(client, table, clock);
};

const openTranscoderLedger = async (
  defined: Definition,
  table: string,
  id: string,
  attempt: number,
): Promise<Ledger> => {
  const [client, { createDynamoTranscoderStore }, { createTranscoderLedger }] = await Promise.all([
    openDatabase(defined.DATABASE_SOCKET),
    import("../../adapters/aws/transcoder-store.ts"),
    import("./ledger/transcoder-ledger.ts"),
  ]);
  const store = createDynamoTranscoderStore(client, table, clock);
  return createTranscoderLedger(store, await openJobs(defined), id, attempt);
};

/** The record of the job that the environment names, or describes (the direct EventBridge route). */
const openLedger = async (
  environment: NodeJS.ProcessEnv,
  defined: Definition,
  objects: ObjectStore,
  log: Log,
): Promise<Ledger> => {
  if (environment.JOB_ID === undefined && environment.ROUTE !== undefined) {
    const { createDirectLedger } = await import("./ledger/direct-ledger.ts");
    const ports = {
      store: await openJobs(defined),
      objects,
      configuration: parseJobConfiguration(defined.CONFIGURATION),
      clock,
      task: await ownTask(environment.ECS_CONTAINER_METADATA_URI_V4),
      log,
    };
    return createDirectLedger(ports, directEnvironment.parse(environment));
  }
  const { JOB_ID, JOB_TABLE, JOB_ATTEMPT } = workerEnvironment.parse(environment);
  const attempt = Number(JOB_ATTEMPT);
  if (!isJobId(JOB_ID)) return openTranscoderLedger(defined, JOB_TABLE, JOB_ID, attempt);
  const { createJobLedger } = await import("./ledger/job-ledger.ts");
  return createJobLedger(await openJobs(defined, JOB_TABLE), JOB_ID, attempt);
};

const run = async (environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const log = createLog({ job: environment.JOB_ID ?? environment.SOURCE_KEY });
  try {
    const defined = definition(environment);
    const objects = await openObjects(defined.OBJECT_STORE);
    const programs = findPrograms(defined, environment.PATH);
    const ports = {
      objectsOf: (order: WorkOrder) => objectsOfOrder(objects, defined, order),
      programs,
      capabilities: (given: AbortSignal) => probeCapabilities(programs.ffmpeg, given),
      scratch: defined.SCRATCH,
      threads: availableParallelism(),
      taskMemoryBytes: await taskMemoryBytes(environment.ECS_CONTAINER_METADATA_URI_V4),
      stallSeconds: Number(defined.STALL_SECONDS ?? 20),
      progressTimeoutSeconds: Number(defined.PROGRESS_TIMEOUT_SECONDS ?? 60),
      wallSeconds: Number(defined.TIME_LIMIT_SECONDS ?? 6 * 3600),
      scratchBytes: Number(defined.SCRATCH_BYTES ?? 40 * 2 ** 30),
      graceSeconds: 3,
      log,
    };
    return await work(ports, await openLedger(environment, defined, objects, log), signal);
  } catch (cause) {
    if (cause instanceof z.ZodError) {
      log.error(`The worker's environment is wrong: ${z.prettifyError(cause)}`);
      return exitCodes.badSpecification;
    }
    log.error(`The worker could not begin: ${cause instanceof Error ? cause.message : String(cause)}`);
    return cause instanceof JobFailure && !cause.retryable ? exitCodes.badSpecification : exitCodes.temporary;
  }
};

const halt = new AbortController();
process.once("SIGTERM", () => halt.abort(new Halt("stopped")));
process.once("SIGINT", () => halt.abort(new Halt("stopped")));
// The embedded runtime holds a channel to its workers: when it closes, nobody waits for this attempt any more.
if (process.channel !== undefined) process.once("disconnect", () => halt.abort(new Halt("orphaned")));
void run(process.env, halt.signal).then((code) => process.exit(code));
