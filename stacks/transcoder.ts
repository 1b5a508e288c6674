import type { Construct } from "constructs";
import { BundledFunction } from "../modules/function.ts";
import { startingWorkers, type Variables } from "../modules/function-environment.ts";
import type { FunctionPackages } from "../modules/function-packages.ts";
import { HttpApi } from "../modules/http-api.ts";
import type { Deployment } from "../modules/names.ts";
import { stoppedTasks } from "../modules/patterns.ts";
import {
  consumes,
  keeps,
  publishes,
  readsTranscoderKeys,
  runsWorkers,
  watchesTasks,
} from "../modules/permissions.ts";
import { EventQueue } from "../modules/queue.ts";
import { Schedule } from "../modules/schedule.ts";
import { StageStack } from "../modules/stack.ts";
import { Topic } from "../modules/topic.ts";
import { TranscoderKeys } from "../modules/transcoder-keys.ts";
import type {
  transcoderApiEnvironment,
  transcoderDispatcherEnvironment,
  transcoderEventsEnvironment,
} from "../pipeline/environment/transcoder.ts";

const timeout = { api: 29, dispatcher: 60, events: 60 } as const;

/** The transcoder service: its API, and what starts and closes its jobs. */
export const transcoderStack = (
  scope: Construct,
  deployment: Deployment,
  packages: FunctionPackages,
): StageStack => {
  const stack = new StageStack(scope, deployment, "transcoder");
  const { names, arns } = stack;
  new Topic(stack, "notifications", { name: names.transcoderTopic });
  const keys = new TranscoderKeys(stack, "keys", { version: deployment.transcoderKeysVersion });
  const kicks = new EventQueue(stack, "kicks", {
    name: names.transcoderDispatcher,
    consumerTimeout: timeout.dispatcher,
  });
  const stopped = new EventQueue(stack, "stopped-tasks", {
    name: names.transcoderEvents,
    pattern: stoppedTasks(stack),
    consumerTimeout: timeout.events,
  });
  const kicksDispatcher = { actions: ["sqs:SendMessage"], resources: [kicks.arn] };
  const table = names.transcoderTable;

  const apiVariables: Variables<typeof transcoderApiEnvironment> = {
    TRANSCODER_TABLE: table,
    TRANSCODER_KEYS_SECRET: names.transcoderKeys,
    DISPATCHER_QUEUE_URL: arns.queueUrl(kicks.name),
    ACCOUNT_ID: arns.account,
  };
  const api = new BundledFunction(stack, "api", {
    name: names.transcoderApi,
    description: "Answers Elastic Transcoder's API",
    code: packages["transcoder-api"],
    environment: apiVariables,
    permissions: [
      ...keeps(
        stack,
        table,
        ["GetItem", "PutItem", "UpdateItem", "DeleteItem"],
        ["status-created", "pipeline-created", "waiting", "running"],
      ),
      ...readsTranscoderKeys(stack),
      kicksDispatcher,
    ],
    timeout: timeout.api,
    memory: 512,
    concurrency: 50,
    lost: kicks.lost,
  });
  const http = new HttpApi(stack, "http", {
    name: names.transcoderApi,
    description: "Elastic Transcoder 2012-09-25",
    function: api,
    throttle: { rate: 100, burst: 200 },
  });

  const dispatcherVariables: Variables<typeof transcoderDispatcherEnvironment> = {
    ...startingWorkers(stack),
    TRANSCODER_TABLE: table,
    CONCURRENCY: String(deployment.transcoderConcurrency),
  };
  const dispatcher = new BundledFunction(stack, "dispatcher", {
    name: names.transcoderDispatcher,
    description: "Starts the transcoder's waiting jobs",
    code: packages["transcoder-dispatcher"],
    environment: dispatcherVariables,
    permissions: [
      ...keeps(
        stack,
        table,
        ["GetItem", "UpdateItem"],
        ["status-created", "waiting", "running", "unnotified"],
      ),
      ...runsWorkers(stack),
      ...watchesTasks(stack, "DescribeTasks"),
      ...publishes(stack, names.transcoderTopic),
      ...consumes(kicks),
    ],
    timeout: timeout.dispatcher,
    // Two at once do no harm: the client token answers the first task. The queue's mapping takes no fewer.
    concurrency: 2,
    lost: kicks.lost,
  });
  dispatcher.consume(kicks, 2);
  new Schedule(stack, "each-minute", {
    name: names.transcoderDispatcher,
    expression: "rate(1 minutes)",
    function: dispatcher,
    lost: kicks.lost,
  });

  const eventsVariables: Variables<typeof transcoderEventsEnvironment> = {
    TRANSCODER_TABLE: table,
    DISPATCHER_QUEUE_URL: arns.queueUrl(kicks.name),
  };
  const events = new BundledFunction(stack, "events", {
    name: names.transcoderEvents,
    description: "Closes the transcoder's jobs when their tasks have ended",
    code: packages["transcoder-events"],
    environment: eventsVariables,
    permissions: [
      ...keeps(stack, table, ["GetItem", "UpdateItem"]),
      ...publishes(stack, names.transcoderTopic),
      kicksDispatcher,
      ...consumes(stopped),
    ],
    timeout: timeout.events,
    concurrency: 10,
    lost: stopped.lost,
  });
  events.consume(stopped, 5);
  stack.tell({
    endpoint: http.endpoint,
    keys_secret_arn: keys.keysArn,
    read_key_secret_arn: keys.readKeyArn,
  });
  return stack;
};
