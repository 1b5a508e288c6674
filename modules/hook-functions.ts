import type { onOutputEnvironment } from "../pipeline/environment/on-output.ts";
import { finishedJobFilter } from "../pipeline/jobs/finished-job.ts";
import type { BucketReference } from "./bucket-reference.ts";
import { matchCreatedObjects } from "./event-patterns.ts";
import { BundledFunction } from "./function.ts";
import type { EnvironmentVariables } from "./function-environment.ts";
import type { FunctionPackages } from "./function-packages.ts";
import { grantMediaKeys } from "./media-keys.ts";
import { EventQueue } from "./queue.ts";
import type { StageStack } from "./stack.ts";
import type { TableReference } from "./table-reference.ts";
import type { Topic } from "./topic.ts";

/** Timeout of the functions. */
const timeoutSeconds = 30;

/** The function of a hook and its queue; none if nothing calls it. */
export interface Hook {
  readonly queues: readonly EventQueue[];
  readonly functions: readonly BundledFunction[];
}

/** Creates the function on-output with its queue. @param prefixes key prefixes of thumbnails; none creates nothing */
export const createOutputHook = (
  stack: StageStack,
  {
    prefixes,
    jobsTable,
    outputObjects,
    code,
  }: {
    readonly prefixes: readonly string[];
    readonly jobsTable: TableReference;
    readonly outputObjects: BucketReference;
    readonly code: FunctionPackages["on-output"];
  },
): Hook => {
  // An event pattern without a prefix matches nothing, and a grant without one everything.
  if (prefixes.length === 0) return { queues: [], functions: [] };
  const { names, deployment } = stack;
  const { outputBucket } = deployment;
  const queue = new EventQueue(stack, "thumbnails", {
    name: names.onOutput,
    eventPattern: matchCreatedObjects(outputBucket, prefixes),
    consumerTimeoutSeconds: timeoutSeconds,
  });
  const environment: EnvironmentVariables<typeof onOutputEnvironment> = {
    JOBS_TABLE: names.jobsTable,
    OUTPUT_BUCKET: outputBucket,
  };
  const onOutput = new BundledFunction(stack, "on-output", {
    name: names.onOutput,
    description: "Runs custom code for each new thumbnail",
    code,
    environment,
    timeoutSeconds,
    reservedConcurrency: 5,
    deadLetterQueue: queue.deadLetterQueue,
  });
  jobsTable.grantReadWrite(onOutput.role, { calls: ["GetItem"] });
  outputObjects.grantRead(onOutput.role, prefixes);
  grantMediaKeys(onOutput.role, "read");
  onOutput.consume(queue, 5);
  return { queues: [queue], functions: [onOutput] };
};

/** Creates the function on-job-finished with its queue; nothing if the configuration has no such hook. */
export const createJobFinishedHook = (
  stack: StageStack,
  topic: Topic,
  code: FunctionPackages["on-job-finished"],
): Hook => {
  if (code === undefined) return { queues: [], functions: [] };
  const name = stack.names.onJobFinished;
  const queue = new EventQueue(stack, "finished-job-messages", {
    name,
    topicArn: topic.arn,
    messageFilter: finishedJobFilter,
    consumerTimeoutSeconds: timeoutSeconds,
  });
  const onJobFinished = new BundledFunction(stack, "on-job-finished", {
    name,
    description: "Runs custom code for each finished job",
    code,
    environment: {},
    timeoutSeconds,
    reservedConcurrency: 5,
    deadLetterQueue: queue.deadLetterQueue,
  });
  onJobFinished.consume(queue, 5);
  return { queues: [queue], functions: [onJobFinished] };
};
