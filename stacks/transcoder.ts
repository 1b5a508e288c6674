import type { Construct } from "constructs";
import { matchStoppedTasks } from "../modules/event-patterns.ts";
import { BundledFunction } from "../modules/function.ts";
import { type EnvironmentVariables, getTaskStartingVariables } from "../modules/function-environment.ts";
import type { FunctionPackages } from "../modules/function-packages.ts";
import { HttpApi } from "../modules/http-api.ts";
import { EventQueue } from "../modules/queue.ts";
import { Schedule } from "../modules/schedule.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";
import { TableReference } from "../modules/table-reference.ts";
import { Topic } from "../modules/topic.ts";
import { TranscoderKeys } from "../modules/transcoder-keys.ts";
import { WorkerTaskReference } from "../modules/worker-task-reference.ts";
import type {
  transcoderApiEnvironment,
  transcoderDispatcherEnvironment,
  transcoderEventsEnvironment,
} from "../pipeline/environment/transcoder.ts";

const timeoutSeconds = { api: 29, dispatcher: 60, events: 60 } as const;

/** Properties of `TranscoderStack`. */
export interface TranscoderStackProps extends StageStackProps {
  /** Packages of the functions, from `packageFunctions`. */
  readonly packages: FunctionPackages;
}

/** The transcoder API, its dispatcher and its event handler. */
export class TranscoderStack extends StageStack {
  constructor(scope: Construct, { deployment, packages }: TranscoderStackProps) {
    super(scope, "transcoder", { deployment });
    const { names, arns } = this;
    const notificationTopic = new Topic(this, "notifications", { name: names.transcoderTopic });
    const keys = new TranscoderKeys(this, "keys", { version: deployment.transcoderKeysVersion });
    const dispatchQueue = new EventQueue(this, "dispatch-requests", {
      name: names.transcoderDispatcher,
      consumerTimeoutSeconds: timeoutSeconds.dispatcher,
    });
    const stoppedTaskQueue = new EventQueue(this, "stopped-tasks", {
      name: names.transcoderEvents,
      eventPattern: matchStoppedTasks(this),
      consumerTimeoutSeconds: timeoutSeconds.events,
    });
    const table = new TableReference(this, "transcoder-table", { name: names.transcoderTable });
    const workerTask = new WorkerTaskReference(this, "worker", { name: names.workerTaskFamily });

    const apiVariables: EnvironmentVariables<typeof transcoderApiEnvironment> = {
      TRANSCODER_TABLE: names.transcoderTable,
      TRANSCODER_KEYS_SECRET: names.transcoderKeys,
      DISPATCHER_QUEUE_URL: arns.queueUrl(dispatchQueue.name),
      ACCOUNT_ID: arns.account,
    };
    const api = new BundledFunction(this, "api", {
      name: names.transcoderApi,
      description: "Serves the Elastic Transcoder API",
      code: packages["transcoder-api"],
      environment: apiVariables,
      timeoutSeconds: timeoutSeconds.api,
      memoryMb: 512,
      reservedConcurrency: 50,
      deadLetterQueue: dispatchQueue.deadLetterQueue,
    });
    table.grantReadWrite(api.role, {
      calls: ["GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem"],
      indexes: ["status-created", "pipeline-created", "pending", "running"],
    });
    keys.grantRead(api.role);
    dispatchQueue.grantSend(api.role);
    const httpApi = new HttpApi(this, "http", {
      name: names.transcoderApi,
      description: "Elastic Transcoder 2012-09-25",
      lambdaFunction: api,
      throttling: { rateLimit: 100, burstLimit: 200 },
    });

    const dispatcherVariables: EnvironmentVariables<typeof transcoderDispatcherEnvironment> = {
      ...getTaskStartingVariables(this),
      TRANSCODER_TABLE: names.transcoderTable,
      JOBS_TABLE: names.jobsTable,
      MAX_CONCURRENT_JOBS: String(deployment.transcoderConcurrency),
    };
    const dispatcher = new BundledFunction(this, "dispatcher", {
      name: names.transcoderDispatcher,
      description: "Starts submitted transcoder jobs",
      code: packages["transcoder-dispatcher"],
      environment: dispatcherVariables,
      timeoutSeconds: timeoutSeconds.dispatcher,
      // Two concurrent executions are safe because of the client token; the event source mapping requires at least two.
      reservedConcurrency: 2,
      deadLetterQueue: dispatchQueue.deadLetterQueue,
    });
    table.grantReadWrite(dispatcher.role, {
      calls: ["GetItem", "BatchGetItem", "UpdateItem"],
      indexes: ["status-created", "pending", "running", "unnotified"],
    });
    new TableReference(this, "jobs-table", { name: names.jobsTable }).grantReadWrite(dispatcher.role, {
      calls: ["GetItem", "UpdateItem"],
      keyPrefix: "bucket#",
    });
    workerTask.grantRunTask(dispatcher.role);
    workerTask.grantManageTasks(dispatcher.role, "DescribeTasks");
    notificationTopic.grantPublish(dispatcher.role);
    dispatcher.consume(dispatchQueue, 2);
    new Schedule(this, "each-minute", {
      name: names.transcoderDispatcher,
      expression: "rate(1 minutes)",
      lambdaFunction: dispatcher,
      deadLetterQueue: dispatchQueue.deadLetterQueue,
    });

    const eventsVariables: EnvironmentVariables<typeof transcoderEventsEnvironment> = {
      TRANSCODER_TABLE: names.transcoderTable,
      DISPATCHER_QUEUE_URL: arns.queueUrl(dispatchQueue.name),
    };
    const events = new BundledFunction(this, "events", {
      name: names.transcoderEvents,
      description: "Closes transcoder jobs when their tasks end",
      code: packages["transcoder-events"],
      environment: eventsVariables,
      timeoutSeconds: timeoutSeconds.events,
      reservedConcurrency: 10,
      deadLetterQueue: stoppedTaskQueue.deadLetterQueue,
    });
    table.grantReadWrite(events.role, { calls: ["GetItem", "UpdateItem"] });
    notificationTopic.grantPublish(events.role);
    dispatchQueue.grantSend(events.role);
    events.consume(stoppedTaskQueue, 5);
    this.exportOutput({
      endpoint: httpApi.endpoint,
      keys_secret_arn: keys.keysSecretArn,
      read_key_secret_arn: keys.readKeySecretArn,
    });
  }
}
