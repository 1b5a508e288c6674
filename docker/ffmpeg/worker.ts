import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { createLogger } from "../../adapters/aws/logger.ts";
import { type BufferedMetrics, createMetrics } from "../../adapters/aws/metrics.ts";
import { noMetrics } from "../../adapters/local/metrics.ts";
import { exitCodes } from "../../pipeline/attempts/exit-codes.ts";
import { parseJobConfiguration } from "../../pipeline/configuration/job-configuration.ts";
import {
  directEnvironment,
  taskDefinitionEnvironment,
  workerEnvironment,
} from "../../pipeline/environment/worker.ts";
import { isPermanentFailure } from "../../pipeline/errors/job-error.ts";
import type { AttemptSpecification, AttemptStore } from "../../pipeline/jobs/attempt.ts";
import { parseTaskAttempt } from "../../pipeline/jobs/handle-task-state-change.ts";
import { isJobId } from "../../pipeline/jobs/job-id.ts";
import type { SourceReader } from "../../pipeline/jobs/source-access.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { Metrics } from "../../pipeline/ports/metrics.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import type { RecipeName } from "../../pipeline/recipes/recipe.ts";
import { runAttempt } from "./attempt/run-attempt.ts";
import { AttemptAborted } from "./failures/attempt-aborted.ts";
import { probeCapabilities } from "./programs/capabilities.ts";
import { findPrograms } from "./programs/find-programs.ts";
import { parseMediaUser, useMediaUser } from "./programs/media-user.ts";
import { createDatabaseClient } from "./startup/database-client.ts";
import { openAttemptObjectStore, openObjectStore } from "./startup/open-object-store.ts";
import { readTaskMemoryBytes } from "./startup/task-memory.ts";
import { readTaskArn } from "./startup/task-metadata.ts";
import { exitOnUncaughtError } from "./startup/uncaught-errors.ts";

const parseDefinition = (environment: NodeJS.ProcessEnv) => taskDefinitionEnvironment.parse(environment);
type Definition = ReturnType<typeof parseDefinition>;

const getReader = ({ ROLE_NAME: role, STAGE_NAME: stage }: Definition): SourceReader | undefined =>
  role === undefined || stage === undefined ? undefined : { role, stage };

const clock: Clock = { now: () => new Date() };

const openJobStore = async ({ JOBS_TABLE, DATABASE_SOCKET_PATH }: Definition, table = JOBS_TABLE) => {
  const [client, { createDynamoJobStore }] = await Promise.all([
    createDatabaseClient(DATABASE_SOCKET_PATH),
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
    createDatabaseClient(definition.DATABASE_SOCKET_PATH),
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
  metrics: Metrics,
): Promise<AttemptStore> => {
  if (environment.JOB_ID === undefined && environment.ROUTE !== undefined) {
    const { createDirectAttemptStore } = await import("./attempt-store/direct-attempt-store.ts");
    const ports = {
      store: await openJobStore(definition),
      objects,
      configuration: parseJobConfiguration(definition.CONFIGURATION),
      clock,
      reader: getReader(definition),
      taskArn: await readTaskArn(environment.ECS_CONTAINER_METADATA_URI_V4),
      log,
      metrics,
    };
    return createDirectAttemptStore(ports, directEnvironment.parse(environment));
  }
  const { JOB_ID, JOB_TABLE, JOB_ATTEMPT } = workerEnvironment.parse(environment);
  const attempt = Number(JOB_ATTEMPT);
  if (!isJobId(JOB_ID)) return openTranscoderAttemptStore(definition, JOB_TABLE, JOB_ID, attempt);
  const { createJobAttemptStore } = await import("./attempt-store/job-attempt-store.ts");
  return createJobAttemptStore(await openJobStore(definition, JOB_TABLE), JOB_ID, attempt);
};

/** Names the job in every line of the log. */
const buildLogKeys = (environment: NodeJS.ProcessEnv): Readonly<Record<string, unknown>> => {
  const taskAttempt = parseTaskAttempt(environment);
  return taskAttempt === undefined
    ? { transcoderJobId: environment.JOB_ID, key: environment.SOURCE_KEY, attempt: environment.JOB_ATTEMPT }
    : { jobId: taskAttempt.id, attempt: taskAttempt.attempt };
};

/** The worker program: runs one attempt of one job. Returns the exit code. Adapters are loaded only when they are needed. */
const run = async (environment: NodeJS.ProcessEnv, log: Logger, signal: AbortSignal): Promise<number> => {
  let metrics: BufferedMetrics | undefined;
  try {
    const definition = parseDefinition(environment);
    if (definition.MEDIA_USER !== undefined) useMediaUser(parseMediaUser(definition.MEDIA_USER));
    if (definition.STAGE !== undefined) metrics = createMetrics("worker", definition.STAGE);
    const objects = await openObjectStore(definition.OBJECT_STORE);
    const programs = findPrograms(definition, environment.PATH);
    const ports = {
      openObjectStore: (specification: AttemptSpecification) =>
        openAttemptObjectStore(objects, definition, specification),
      programs,
      imageProgram: fileURLToPath(new URL("image.cjs", import.meta.url)),
      readCapabilities: (recipe: RecipeName, abortSignal: AbortSignal) =>
        probeCapabilities(programs.ffmpeg, recipe, abortSignal),
      scratch: definition.SCRATCH_DIRECTORY,
      threads: availableParallelism(),
      taskMemoryBytes: await readTaskMemoryBytes(environment.ECS_CONTAINER_METADATA_URI_V4),
      readTimeoutSeconds: Number(definition.READ_TIMEOUT_SECONDS ?? 20),
      progressPeriodSeconds: Number(definition.PROGRESS_PERIOD_SECONDS ?? 10),
      progressTimeoutSeconds: Number(definition.PROGRESS_TIMEOUT_SECONDS ?? 60),
      ffmpegTimeoutSeconds: Number(definition.FFMPEG_TIMEOUT_SECONDS ?? 6 * 3600),
      maxScratchBytes: Number(definition.MAX_SCRATCH_BYTES ?? 40 * 2 ** 30),
      graceSeconds: 3,
      reader: getReader(definition),
      log,
    };
    const attemptStore = await openAttemptStore(environment, definition, objects, log, metrics ?? noMetrics);
    return await runAttempt(ports, attemptStore, signal);
  } catch (error) {
    if (error instanceof z.ZodError) {
      log.error("The worker's environment is not valid", { problems: z.prettifyError(error) });
      return exitCodes.badSpecification;
    }
    log.error("The worker could not start", { error });
    return isPermanentFailure(error) ? exitCodes.badSpecification : exitCodes.temporary;
  } finally {
    metrics?.publish();
  }
};

const log = createLogger("worker", buildLogKeys(process.env));
exitOnUncaughtError(log);
const abortController = new AbortController();
process.once("SIGTERM", () => abortController.abort(new AttemptAborted("stopped")));
process.once("SIGINT", () => abortController.abort(new AttemptAborted("stopped")));
// The runtime on one machine has an IPC channel to its workers. When it closes, the runtime has exited.
if (process.channel !== undefined)
  process.once("disconnect", () => abortController.abort(new AttemptAborted("orphaned")));
void run(process.env, log, abortController.signal).then((code) => process.exit(code));
