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
import { createJobFinishedHook, createOutputHook } from "../modules/hook-functions.ts";
import { grantMediaKeys } from "../modules/media-keys.ts";
import { buildWatcherName } from "../modules/names.ts";
import { EventQueue, Queue } from "../modules/queue.ts";
import { getReaderVariables } from "../modules/reader-environment.ts";
import type { ServiceRole } from "../modules/role.ts";
import { Schedule } from "../modules/schedule.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";
import { TableReference } from "../modules/table-reference.ts";
import { Topic } from "../modules/topic.ts";
import { TranscoderKeysReference } from "../modules/transcoder-keys.ts";
import { WebhookDeliveries } from "../modules/webhooks.ts";
import { WorkerTaskReference } from "../modules/worker-task-reference.ts";
import type { Configuration, JobConfiguration } from "../pipeline/configuration/configuration.ts";
import { selectWebhooks } from "../pipeline/configuration/webhooks-schema.ts";
import type { jobEventsEnvironment } from "../pipeline/environment/job-events.ts";
import type { reconcilerEnvironment } from "../pipeline/environment/reconciler.ts";
import type { routerEnvironment } from "../pipeline/environment/router.ts";
import type { sweepEnvironment } from "../pipeline/environment/sweep.ts";
import { getRouteTaskSize } from "../pipeline/routing/task-sizes.ts";
import { findThumbnailPrefixes } from "../pipeline/routing/thumbnail-prefixes.ts";

/** Timeouts of the functions. Runs of the reconciler and the sweep end by themselves, before their next schedule. */
const timeoutSeconds = {
  router: 60,
  jobEvents: 60,
  reconciler: 60,
  sweep: 600,
} as const;

/** Properties of `RoutingStack`. */
export interface RoutingStackProps extends StageStackProps {
  /** Routes, limits and webhooks. */
  readonly configuration: JobConfiguration & Pick<Configuration, "webhooks">;
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
      ...getReaderVariables(this, names.router),
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
    grantMediaKeys(router.role, "read");
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
    const reconcilerVariables: EnvironmentVariables<typeof reconcilerEnvironment> = {
      ...startVariables,
      ...getReaderVariables(this, names.reconciler),
    };
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
      calls: ["GetItem", "BatchGetItem", "UpdateItem"],
      indexes: ["status-created", "unnotified"],
    });
    // It reads the metadata of uploads that could not be read when they were claimed.
    inputObjects.grantRead(reconciler.role);
    grantMediaKeys(reconciler.role, "read");
    grantStartJobs(reconciler.role);
    workerTask.grantManageTasks(reconciler.role, "DescribeTasks", "StopTask");
    const sweepVariables: EnvironmentVariables<typeof sweepEnvironment> = {
      ...getReaderVariables(this, names.sweep),
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
      calls: ["GetItem", "BatchGetItem", "PutItem", "UpdateItem"],
      indexes: ["source"],
    });
    inputObjects.grantRead(sweep.role);
    grantMediaKeys(sweep.role, "read");
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

    const webhooks = selectWebhooks(configuration.webhooks, deployment.stage);
    const webhookDeliveries =
      packages.webhooks === undefined || webhooks.length === 0
        ? undefined
        : new WebhookDeliveries(this, "webhooks", {
            webhooks,
            topic: finishedJobsTopic,
            jobsTable,
            code: packages.webhooks,
            deadLetterQueue: invocationDeadLetterQueue,
          });

    const directRoutes = configuration.routes
      .filter((route) => route.trigger === "eventbridge")
      .map(
        (route) =>
          new DirectRoute(this, `route-${route.name}`, {
            routeName: route.name,
            prefix: route.prefix,
            extensions: route.extensions,
            workerTask,
            subnetIds: this.importOutput("compute", "subnet_ids"),
            securityGroupId: this.importOutput("compute", "task_security_group_id"),
            assignPublicIp: deployment.network === "public",
            capacityProvider: deployment.worker.capacityProvider,
            taskSize: getRouteTaskSize(configuration.taskSizes, route),
          }),
      );

    const { channels = [] } = deployment;
    const hasChannels = channels.length > 0;
    const deadLetterQueueNames = [
      ...[
        uploadQueue,
        jobEventQueue,
        ...outputHook.queues,
        ...jobFinishedHook.queues,
        ...(webhookDeliveries?.queues ?? []),
        ...directRoutes,
      ].map(({ deadLetterQueue }) => deadLetterQueue.name),
      invocationDeadLetterQueue.name,
      ...[
        names.transcoderDispatcher,
        names.transcoderEvents,
        names.api,
        names.responseEvents,
        ...(hasChannels ? [names.watcher] : []),
      ].map((queue) => `${queue}-dlq`),
    ];
    const functions = [
      router,
      jobEvents,
      reconciler,
      sweep,
      ...outputHook.functions,
      ...jobFinishedHook.functions,
      ...(webhookDeliveries === undefined ? [] : [webhookDeliveries.lambdaFunction]),
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
          ...channels.map(({ name }) => buildWatcherName(deployment, name)),
        ],
      ],
      hasChannels,
    });
  }
}
