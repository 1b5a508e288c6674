import type { Construct } from "constructs";
import { Alarms } from "../modules/alarms.ts";
import { BucketReference } from "../modules/bucket-reference.ts";
import { Dashboard } from "../modules/dashboard.ts";
import { DirectRoute } from "../modules/direct-route.ts";
import { matchCreatedObjects, matchStoppedTasks } from "../modules/event-patterns.ts";
import { BundledFunction } from "../modules/function.ts";
import {
  type EnvironmentVariables,
  getJobClosingVariables,
  getTaskStartingVariables,
} from "../modules/function-environment.ts";
import type { FunctionPackages } from "../modules/function-packages.ts";
import { EventQueue, Queue } from "../modules/queue.ts";
import type { ServiceRole } from "../modules/role.ts";
import { Schedule } from "../modules/schedule.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";
import { TableReference } from "../modules/table-reference.ts";
import { Topic } from "../modules/topic.ts";
import { TranscoderKeysReference } from "../modules/transcoder-keys.ts";
import { WorkerTaskReference } from "../modules/worker-task-reference.ts";
import type { JobConfiguration } from "../pipeline/configuration/configuration.ts";
import type { jobEventsEnvironment } from "../pipeline/environment/job-events.ts";
import type { onOutputEnvironment } from "../pipeline/environment/on-output.ts";
import type { reconcilerEnvironment } from "../pipeline/environment/reconciler.ts";
import type { routerEnvironment } from "../pipeline/environment/router.ts";
import type { sweepEnvironment } from "../pipeline/environment/sweep.ts";
import { getRouteTaskSize } from "../pipeline/routing/task-sizes.ts";
import { findThumbnailPrefixes } from "../pipeline/routing/thumbnail-prefixes.ts";

/** Timeouts of the functions. */
const timeoutSeconds = {
  router: 60,
  jobEvents: 60,
  reconciler: 300,
  sweep: 600,
  onOutput: 30,
  onJobFinished: 30,
} as const;

/** The function of a hook and its queue; none if nothing calls it. */
interface Hook {
  readonly queues: readonly EventQueue[];
  readonly functions: readonly BundledFunction[];
}

/** Creates the function on-output with its queue. @param prefixes key prefixes of thumbnails; none creates nothing */
const createOutputHook = (
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
    consumerTimeoutSeconds: timeoutSeconds.onOutput,
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
    timeoutSeconds: timeoutSeconds.onOutput,
    reservedConcurrency: 5,
    deadLetterQueue: queue.deadLetterQueue,
  });
  jobsTable.grantReadWrite(onOutput.role, { calls: ["GetItem"] });
  outputObjects.grantRead(onOutput.role, prefixes);
  onOutput.consume(queue, 5);
  return { queues: [queue], functions: [onOutput] };
};

/** Creates the function on-job-finished with its queue; nothing if the configuration has no such hook. */
const createJobFinishedHook = (
  stack: StageStack,
  topic: Topic,
  code: FunctionPackages["on-job-finished"],
): Hook => {
  if (code === undefined) return { queues: [], functions: [] };
  const name = stack.names.onJobFinished;
  const queue = new EventQueue(stack, "finished-job-messages", {
    name,
    topicArn: topic.arn,
    consumerTimeoutSeconds: timeoutSeconds.onJobFinished,
  });
  const onJobFinished = new BundledFunction(stack, "on-job-finished", {
    name,
    description: "Runs custom code for each finished job",
    code,
    environment: {},
    timeoutSeconds: timeoutSeconds.onJobFinished,
    reservedConcurrency: 5,
    deadLetterQueue: queue.deadLetterQueue,
  });
  onJobFinished.consume(queue, 5);
  return { queues: [queue], functions: [onJobFinished] };
};

/** Properties of `RoutingStack`. */
export interface RoutingStackProps extends StageStackProps {
  /** Routes and limits. */
  readonly configuration: JobConfiguration;
  /** Packages of the functions, from `packageFunctions`. */
  readonly packages: FunctionPackages;
}

/** Functions and queues from an upload to its job and its notifications, with alarms and dashboard. */
export class RoutingStack extends StageStack {
  constructor(scope: Construct, { deployment, configuration, packages }: RoutingStackProps) {
    super(scope, "routing", { deployment });
    const { names, arns } = this;
    const { inputBucket, outputBucket } = deployment;
    const finishedJobsTopic = new Topic(this, "finished-jobs", { name: names.finishedJobsTopic });
    const alarmTopic = new Topic(this, "alarm-topic", {
      name: names.alarmTopic,
      publisherServices: ["cloudwatch.amazonaws.com"],
    });
    const startVariables = {
      ...getJobClosingVariables(this),
      ...getTaskStartingVariables(this),
      TRANSCODER_PIPELINE_ID: this.importOutput("pipelines", "pipeline_id"),
    };
    const jobsTable = new TableReference(this, "jobs-table", { name: names.jobsTable });
    const inputObjects = new BucketReference(this, "input-bucket", { name: inputBucket });
    const outputObjects = new BucketReference(this, "output-bucket", { name: outputBucket });
    const workerTask = new WorkerTaskReference(this, "worker", { name: names.workerTaskFamily });
    const transcoderKeys = new TranscoderKeysReference(this, "transcoder-keys");
    const grantStartJobs = (role: ServiceRole): void => {
      workerTask.grantRunTask(role);
      finishedJobsTopic.grantPublish(role);
      transcoderKeys.grantRead(role);
    };

    const uploadQueue = new EventQueue(this, "uploads", {
      name: names.router,
      eventPattern: matchCreatedObjects(inputBucket),
      consumerTimeoutSeconds: timeoutSeconds.router,
    });
    const routerVariables: EnvironmentVariables<typeof routerEnvironment> = {
      ...startVariables,
      INPUT_BUCKET: inputBucket,
      OUTPUT_BUCKET: outputBucket,
    };
    const router = new BundledFunction(this, "router", {
      name: names.router,
      description: "Creates and starts a job for each upload",
      code: packages.router,
      environment: routerVariables,
      timeoutSeconds: timeoutSeconds.router,
      reservedConcurrency: 10,
      deadLetterQueue: uploadQueue.deadLetterQueue,
    });
    jobsTable.grantReadWrite(router.role, { calls: ["GetItem", "PutItem", "UpdateItem"] });
    inputObjects.grantRead(router.role);
    grantStartJobs(router.role);
    workerTask.grantManageTasks(router.role, "StopTask");
    // RunTask is throttled at about 20 calls per second, so more routers would not help.
    router.consume(uploadQueue, 10);

    const jobEventQueue = new EventQueue(this, "job-event-messages", {
      name: names.jobEvents,
      eventPattern: matchStoppedTasks(this),
      topicArn: arns.of("sns", names.transcoderTopic),
      consumerTimeoutSeconds: timeoutSeconds.jobEvents,
    });
    const jobEventsVariables: EnvironmentVariables<typeof jobEventsEnvironment> =
      getJobClosingVariables(this);
    const jobEvents = new BundledFunction(this, "job-events", {
      name: names.jobEvents,
      description: "Closes jobs when their task or transcoder job ends",
      code: packages["job-events"],
      environment: jobEventsVariables,
      timeoutSeconds: timeoutSeconds.jobEvents,
      reservedConcurrency: 10,
      deadLetterQueue: jobEventQueue.deadLetterQueue,
    });
    jobsTable.grantReadWrite(jobEvents.role, { calls: ["GetItem", "UpdateItem"], indexes: ["engine-job"] });
    finishedJobsTopic.grantPublish(jobEvents.role);
    jobEvents.consume(jobEventQueue, 5);

    const invocationDeadLetterQueue = new Queue(this, "invocation-dlq", { name: `${names.reconciler}-dlq` });
    const reconcilerVariables: EnvironmentVariables<typeof reconcilerEnvironment> = startVariables;
    const reconciler = new BundledFunction(this, "reconciler", {
      name: names.reconciler,
      description: "Starts and closes jobs whose events were lost, and sends missed notifications",
      code: packages.reconciler,
      environment: reconcilerVariables,
      timeoutSeconds: timeoutSeconds.reconciler,
      reservedConcurrency: 1,
      deadLetterQueue: invocationDeadLetterQueue,
    });
    jobsTable.grantReadWrite(reconciler.role, {
      calls: ["GetItem", "UpdateItem"],
      indexes: ["status-created", "unnotified"],
    });
    grantStartJobs(reconciler.role);
    workerTask.grantManageTasks(reconciler.role, "DescribeTasks", "StopTask");
    const sweepVariables: EnvironmentVariables<typeof sweepEnvironment> = {
      JOBS_TABLE: names.jobsTable,
      INPUT_BUCKET: inputBucket,
      OUTPUT_BUCKET: outputBucket,
    };
    const sweep = new BundledFunction(this, "sweep", {
      name: names.sweep,
      description: "Finds uploads whose events were lost",
      code: packages.sweep,
      environment: sweepVariables,
      timeoutSeconds: timeoutSeconds.sweep,
      memoryMb: 512,
      reservedConcurrency: 1,
      deadLetterQueue: invocationDeadLetterQueue,
    });
    jobsTable.grantReadWrite(sweep.role, {
      calls: ["GetItem", "PutItem", "UpdateItem"],
      indexes: ["source"],
    });
    inputObjects.grantRead(sweep.role);
    inputObjects.grantListVersions(sweep.role);
    for (const [lambdaFunction, expression] of [
      [reconciler, "rate(1 minutes)"],
      [sweep, "rate(15 minutes)"],
    ] as const)
      new Schedule(this, `${lambdaFunction.node.id}-schedule`, {
        name: lambdaFunction === sweep ? names.sweep : names.reconciler,
        expression,
        lambdaFunction: lambdaFunction,
        deadLetterQueue: invocationDeadLetterQueue,
      });

    const outputHook = createOutputHook(this, {
      prefixes: findThumbnailPrefixes(configuration.routes),
      jobsTable,
      outputObjects,
      code: packages["on-output"],
    });
    const jobFinishedHook = createJobFinishedHook(this, finishedJobsTopic, packages["on-job-finished"]);

    const directRoutes = configuration.routes
      .filter((route) => route.trigger === "eventbridge")
      .map(
        (route) =>
          new DirectRoute(this, `route-${route.name}`, {
            routeName: route.name,
            prefix: route.prefix,
            workerTask,
            subnetIds: this.importOutput("compute", "subnet_ids"),
            securityGroupId: this.importOutput("compute", "task_security_group_id"),
            assignPublicIp: deployment.network === "public",
            capacityProvider: deployment.worker.capacityProvider,
            taskSize: getRouteTaskSize(configuration.taskSizes, route),
          }),
      );

    const deadLetterQueueNames = [
      ...[uploadQueue, jobEventQueue, ...outputHook.queues, ...jobFinishedHook.queues, ...directRoutes].map(
        ({ deadLetterQueue }) => deadLetterQueue.name,
      ),
      invocationDeadLetterQueue.name,
      ...[names.transcoderDispatcher, names.transcoderEvents, names.api, names.responseEvents].map(
        (queue) => `${queue}-dlq`,
      ),
    ];
    const functions = [
      router,
      jobEvents,
      reconciler,
      sweep,
      ...outputHook.functions,
      ...jobFinishedHook.functions,
    ];
    new Alarms(this, "alarms", {
      topicArn: alarmTopic.arn,
      deadLetterQueueNames,
      uploadQueueName: uploadQueue.name,
    });
    new Dashboard(this, "dashboard", {
      uploadQueueName: uploadQueue.name,
      deadLetterQueueNames,
      functionNames: [
        ...functions.map(({ name }) => name),
        ...[
          names.transcoderApi,
          names.transcoderDispatcher,
          names.transcoderEvents,
          names.api,
          names.responseEvents,
        ],
      ],
    });
  }
}
