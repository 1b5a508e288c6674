import { availableParallelism } from "node:os";
import * as z from "zod";
import { exitCodes } from "../../pipeline/attempts/exit-codes.ts";
import { parseJobConfiguration } from "../../pipeline/configuration/job-configuration.ts";
import {
  directEnvironment,
  taskDefinitionEnvironment,
  workerEnvironment,
} from "../../pipeline/environment/worker.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { AttemptSpecification, AttemptStore } from "../../pipeline/jobs/attempt.ts";
import { isJobId } from "../../pipeline/jobs/job-id.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import type { Clock, Logger } from "../../pipeline/ports/services.ts";
import { AttemptAborted } from "./attempt-aborted.ts";
import { probeCapabilities } from "./capabilities.ts";
import { createDatabaseClient } from "./database-client.ts";
import { createLogger } from "./logger.ts";
import { openAttemptObjectStore, openObjectStore } from "./open-object-store.ts";
import { findPrograms } from "./programs.ts";
import { runAttempt } from "./run-attempt.ts";
import { readTaskMemoryBytes } from "./task-memory.ts";
import { readTaskArn } from "./task-metadata.ts";

/** The worker program: runs one attempt of one job, then exits. Adapters are loaded only when they are needed. */
const parseDefinition = (environment: NodeJS.ProcessEnv) => taskDefinitionEnvironment.parse(environment);
type Definition = ReturnType<typeof parseDefinition>;

const clock: Clock = { now: () => new Date() };

const openJobStore = async ({ JOBS_TABLE, DATABASE_SOCKET }: Definition, table = JOBS_TABLE) => {
  const [client, { createDynamoJobStore }] = await Promise.all([
    createDatabaseClient(DATABASE_SOCKET),
    import("../../adapters/aws/job-store.ts"),
  ]);
  return createDynamoJobStore(client, table, clock);
};

const openTranscoderAttemptStore = async (
  definition: Definition,
  table: string,
  id: string,
  attempt: number,
): Promise<AttemptStore> => {
  const [client, { createDynamoTranscoderStore }, { createTranscoderAttemptStore }] = await Promise.all([
    createDatabaseClient(definition.DATABASE_SOCKET),
    import("../../adapters/aws/transcoder-store.ts"),
    import("./attempt-store/transcoder-attempt-store.ts"),
  ]);
  const store = createDynamoTranscoderStore(client, table, clock);
  return createTranscoderAttemptStore(store, await openJobStore(definition), id, attempt);
};

/** Opens the attempt store of the job in the environment, or of the upload of a directly started task. */
const openAttemptStore = async (
  environment: NodeJS.ProcessEnv,
  definition: Definition,
  objects: ObjectStore,
  log: Logger,
): Promise<AttemptStore> => {
  if (environment.JOB_ID === undefined && environment.ROUTE !== undefined) {
    const { createDirectAttemptStore } = await import("./attempt-store/direct-attempt-store.ts");
    const ports = {
      store: await openJobStore(definition),
      objects,
      configuration: parseJobConfiguration(definition.CONFIGURATION),
      clock,
      task: await readTaskArn(environment.ECS_CONTAINER_METADATA_URI_V4),
      log,
    };
    return createDirectAttemptStore(ports, directEnvironment.parse(environment));
  }
  const { JOB_ID, JOB_TABLE, JOB_ATTEMPT } = workerEnvironment.parse(environment);
  const attempt = Number(JOB_ATTEMPT);
  if (!isJobId(JOB_ID)) return openTranscoderAttemptStore(definition, JOB_TABLE, JOB_ID, attempt);
  const { createJobAttemptStore } = await import("./attempt-store/job-attempt-store.ts");
  return createJobAttemptStore(await openJobStore(definition, JOB_TABLE), JOB_ID, attempt);
};

const run = async (environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const log = createLogger({ job: environment.JOB_ID ?? environment.SOURCE_KEY });
  try {
    const definition = parseDefinition(environment);
    const objects = await openObjectStore(definition.OBJECT_STORE);
    const programs = findPrograms(definition, environment.PATH);
    const ports = {
      openObjectStore: (specification: AttemptSpecification) =>
        openAttemptObjectStore(objects, definition, specification),
      programs,
      readCapabilities: (abortSignal: AbortSignal) => probeCapabilities(programs.ffmpeg, abortSignal),
      scratch: definition.SCRATCH,
      threads: availableParallelism(),
      taskMemoryBytes: await readTaskMemoryBytes(environment.ECS_CONTAINER_METADATA_URI_V4),
      stallSeconds: Number(definition.STALL_SECONDS ?? 20),
      progressTimeoutSeconds: Number(definition.PROGRESS_TIMEOUT_SECONDS ?? 60),
      timeLimitSeconds: Number(definition.TIME_LIMIT_SECONDS ?? 6 * 3600),
      scratchBytes: Number(definition.SCRATCH_BYTES ?? 40 * 2 ** 30),
      graceSeconds: 3,
      log,
    };
    return await runAttempt(ports, await openAttemptStore(environment, definition, objects, log), signal);
  } catch (cause) {
    if (cause instanceof z.ZodError) {
      log.error(`The worker's environment is not valid: ${z.prettifyError(cause)}`);
      return exitCodes.badSpecification;
    }
    log.error(`The worker could not start: ${cause instanceof Error ? cause.message : String(cause)}`);
    return cause instanceof JobFailure && !cause.retryable ? exitCodes.badSpecification : exitCodes.temporary;
  }
};

const abortController = new AbortController();
process.once("SIGTERM", () => abortController.abort(new AttemptAborted("stopped")));
process.once("SIGINT", () => abortController.abort(new AttemptAborted("stopped")));
// The runtime on one machine has an IPC channel to its workers. When it closes, the runtime has exited.
if (process.channel !== undefined)
  process.once("disconnect", () => abortController.abort(new AttemptAborted("orphaned")));
void run(process.env, abortController.signal).then((code) => process.exit(code));
