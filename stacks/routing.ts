import type { Construct } from "constructs";
import { Alarms } from "../modules/alarms.ts";
import { bucketArn } from "../modules/arns.ts";
import { Dashboard } from "../modules/dashboard.ts";
import { DirectRoute } from "../modules/direct-route.ts";
import { BundledFunction } from "../modules/function.ts";
import { endingJobs, startingWorkers, type Variables } from "../modules/function-environment.ts";
import type { FunctionPackages } from "../modules/function-packages.ts";
import type { Deployment } from "../modules/names.ts";
import { createdObjects, stoppedTasks } from "../modules/patterns.ts";
import {
  consumes,
  keeps,
  publishes,
  readsObjects,
  readsTranscoderKeys,
  runsWorkers,
  watchesTasks,
} from "../modules/permissions.ts";
import { EventQueue, Queue } from "../modules/queue.ts";
import { Schedule } from "../modules/schedule.ts";
import { StageStack } from "../modules/stack.ts";
import { Topic } from "../modules/topic.ts";
import type { JobConfiguration } from "../pipeline/configuration/configuration.ts";
import type { jobEventsEnvironment } from "../pipeline/environment/job-events.ts";
import type { onOutputEnvironment } from "../pipeline/environment/on-output.ts";
import type { reconcilerEnvironment } from "../pipeline/environment/reconciler.ts";
import type { routerEnvironment } from "../pipeline/environment/router.ts";
import type { sweepEnvironment } from "../pipeline/environment/sweep.ts";
import { routeTaskSize } from "../pipeline/routing/task-sizes.ts";
import { thumbnailPrefixes } from "../pipeline/routing/thumbnail-prefixes.ts";

/** Seconds a function may take. */
const timeout = { router: 60, jobEvents: 60, reconciler: 300, sweep: 600, onOutput: 30 } as const;

/** The way from an upload to its job, and from the job's end to those who want to know. */
export const routingStack = (
  scope: Construct,
  deployment: Deployment,
  configuration: JobConfiguration,
  packages: FunctionPackages,
): StageStack => {
  const stack = new StageStack(scope, deployment, "routing");
  const { names, arns } = stack;
  const { inputBucket, outputBucket } = deployment;
  new Topic(stack, "finished-jobs", { name: names.topic });
  const alarmTopic = new Topic(stack, "alarm-topic", {
    name: names.alarms,
    services: ["cloudwatch.amazonaws.com"],
  });
  const starting = {
    ...endingJobs(stack),
    ...startingWorkers(stack),
    TRANSCODER_PIPELINE_ID: stack.read("pipelines", "pipeline_id"),
  };
  const starts = [...runsWorkers(stack), ...publishes(stack, names.topic), ...readsTranscoderKeys(stack)];

  const uploads = new EventQueue(stack, "uploads", {
    name: names.router,
    pattern: createdObjects(inputBucket),
    consumerTimeout: timeout.router,
  });
  const routerVariables: Variables<typeof routerEnvironment> = {
    ...starting,
    INPUT_BUCKET: inputBucket,
    OUTPUT_BUCKET: outputBucket,
  };
  const router = new BundledFunction(stack, "router", {
    name: names.router,
    description: "Makes a job of every upload and starts it",
    code: packages.router,
    environment: routerVariables,
    permissions: [
      ...keeps(stack, names.jobsTable, ["GetItem", "PutItem", "UpdateItem"]),
      ...readsObjects(inputBucket),
      ...starts,
      ...watchesTasks(stack, "StopTask"),
      ...consumes(uploads),
    ],
    timeout: timeout.router,
    concurrency: 10,
    lost: uploads.lost,
  });
  // RunTask is throttled at about 20 a second; more routers would only wait.
  router.consume(uploads, 10);

  const ends = new EventQueue(stack, "ends", {
    name: names.jobEvents,
    pattern: stoppedTasks(stack),
    topic: arns.of("sns", names.transcoderTopic),
    consumerTimeout: timeout.jobEvents,
  });
  const jobEventsVariables: Variables<typeof jobEventsEnvironment> = endingJobs(stack);
  const jobEvents = new BundledFunction(stack, "job-events", {
    name: names.jobEvents,
    description: "Closes jobs when their task or transcoder job has ended",
    code: packages["job-events"],
    environment: jobEventsVariables,
    permissions: [
      ...keeps(stack, names.jobsTable, ["GetItem", "UpdateItem"], ["engine-job"]),
      ...publishes(stack, names.topic),
      ...consumes(ends),
    ],
    timeout: timeout.jobEvents,
    concurrency: 10,
    lost: ends.lost,
  });
  jobEvents.consume(ends, 5);

  const lostCalls = new Queue(stack, "lost-calls", { name: `${names.reconciler}-lost` });
  const reconcilerVariables: Variables<typeof reconcilerEnvironment> = starting;
  const reconciler = new BundledFunction(stack, "reconciler", {
    name: names.reconciler,
    description: "Starts, ends and tells of jobs whose event was lost",
    code: packages.reconciler,
    environment: reconcilerVariables,
    permissions: [
      ...keeps(stack, names.jobsTable, ["GetItem", "UpdateItem"], ["status-created", "unnotified"]),
      ...starts,
      ...watchesTasks(stack, "DescribeTasks", "StopTask"),
    ],
    timeout: timeout.reconciler,
    concurrency: 1,
    lost: lostCalls,
  });
  const sweepVariables: Variables<typeof sweepEnvironment> = {
    JOBS_TABLE: names.jobsTable,
    INPUT_BUCKET: inputBucket,
    OUTPUT_BUCKET: outputBucket,
  };
  const sweep = new BundledFunction(stack, "sweep", {
    name: names.sweep,
    description: "Finds uploads whose event never came",
    code: packages.sweep,
    environment: sweepVariables,
    permissions: [
      ...keeps(stack, names.jobsTable, ["GetItem", "PutItem", "UpdateItem"], ["source"]),
      ...readsObjects(inputBucket),
      { actions: ["s3:ListBucketVersions"], resources: [bucketArn(inputBucket)] },
    ],
    timeout: timeout.sweep,
    memory: 512,
    concurrency: 1,
    lost: lostCalls,
  });
  for (const [called, expression] of [
    [reconciler, "rate(1 minutes)"],
    [sweep, "rate(15 minutes)"],
  ] as const)
    new Schedule(stack, `${called.node.id}-schedule`, {
      name: called === sweep ? names.sweep : names.reconciler,
      expression,
      function: called,
      lost: lostCalls,
    });

  const prefixes = thumbnailPrefixes(configuration.routes);
  const thumbnails = new EventQueue(stack, "thumbnails", {
    name: names.onOutput,
    pattern: createdObjects(outputBucket, prefixes),
    consumerTimeout: timeout.onOutput,
  });
  const onOutputVariables: Variables<typeof onOutputEnvironment> = {
    JOBS_TABLE: names.jobsTable,
    OUTPUT_BUCKET: outputBucket,
  };
  const onOutput = new BundledFunction(stack, "on-output", {
    name: names.onOutput,
    description: "Told of every new thumbnail: the place for a team's own code",
    code: packages["on-output"],
    environment: onOutputVariables,
    permissions: [
      ...keeps(stack, names.jobsTable, ["GetItem"]),
      ...readsObjects(outputBucket, prefixes),
      ...consumes(thumbnails),
    ],
    timeout: timeout.onOutput,
    concurrency: 5,
    lost: thumbnails.lost,
  });
  onOutput.consume(thumbnails, 5);

  const direct = configuration.routes
    .filter((route) => route.trigger === "eventbridge")
    .map(
      (route) =>
        new DirectRoute(stack, `route-${route.name}`, {
          route: route.name,
          prefix: route.prefix,
          subnetIds: stack.read("compute", "subnet_ids"),
          securityGroupId: stack.read("compute", "task_security_group_id"),
          publicIp: deployment.network === "public",
          capacity: deployment.worker.capacity,
          size: routeTaskSize(configuration.sizes, route),
        }),
    );

  const lostQueues = [
    ...[uploads, ends, thumbnails, ...direct].map(({ lost }) => lost.name),
    lostCalls.name,
    ...[names.transcoderDispatcher, names.transcoderEvents].map((queue) => `${queue}-lost`),
  ];
  const functions = [router, jobEvents, reconciler, sweep, onOutput];
  new Alarms(stack, "alarms", {
    topic: alarmTopic.arn,
    lostQueues,
    uploadQueue: uploads.name,
    endsJobs: [router, jobEvents, reconciler].map(({ logs }) => logs.name),
    startsWorkers: [
      ...[router, reconciler].map(({ logs }) => logs.name),
      `/aws/lambda/${names.transcoderDispatcher}`,
    ],
  });
  new Dashboard(stack, "dashboard", {
    uploadQueue: uploads.name,
    lostQueues,
    functions: [
      ...functions.map(({ name }) => name),
      ...[names.transcoderApi, names.transcoderDispatcher, names.transcoderEvents],
    ],
  });
  return stack;
};
