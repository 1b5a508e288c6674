import type { Construct } from "constructs";
import { ApiSecrets } from "../modules/api-secrets.ts";
import { BucketReference } from "../modules/bucket-reference.ts";
import { matchCreatedObjects } from "../modules/event-patterns.ts";
import { BundledFunction } from "../modules/function.ts";
import type { EnvironmentVariables } from "../modules/function-environment.ts";
import type { FunctionPackages } from "../modules/function-packages.ts";
import { HttpApi } from "../modules/http-api.ts";
import { grantMediaKeys } from "../modules/media-keys.ts";
import { EventQueue, Queue } from "../modules/queue.ts";
import type { ServiceRole } from "../modules/role.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";
import { RecordTable } from "../modules/table.ts";
import { type TableAccess, TableReference } from "../modules/table-reference.ts";
import { UserPool } from "../modules/user-pool.ts";
import { WorkerTaskReference } from "../modules/worker-task-reference.ts";
import { archivePrefix } from "../pipeline/configuration/channels-schema.ts";
import type { apiEnvironment } from "../pipeline/environment/api.ts";
import type { responseEventsEnvironment } from "../pipeline/environment/response-events.ts";
import { finishedJobFilter } from "../pipeline/jobs/finished-job.ts";
import { responsesTable } from "../pipeline/ports/tables.ts";
import { responsesPrefix } from "../pipeline/responses/response-request.ts";

/** The longest integration timeout of an HTTP API is 30 s. */
const timeoutSeconds = { api: 29, responseEvents: 30 } as const;

/** Properties of `ApiStack`. */
export interface ApiStackProps extends StageStackProps {
  /** Packages of the functions, from `packageFunctions`. */
  readonly packages: FunctionPackages;
}

/** The HTTP API of applications and the page, with its users. */
export class ApiStack extends StageStack {
  constructor(scope: Construct, { deployment, packages }: ApiStackProps) {
    super(scope, "api", { deployment });
    const { names, arns } = this;
    const { channels = [] } = deployment;
    const secrets = new ApiSecrets(this, "secrets");
    const userPool =
      deployment.api.signIn === "password"
        ? undefined
        : new UserPool(this, "users", {
            name: names.userPool,
            // The stack site has a client of its own.
            origins: () => [httpApi.endpoint],
          });
    const environment: EnvironmentVariables<typeof apiEnvironment> = {
      JOBS_TABLE: names.jobsTable,
      TRANSCODER_TABLE: names.transcoderTable,
      RESPONSES_TABLE: names.responsesTable,
      INPUT_BUCKET: deployment.inputBucket,
      OUTPUT_BUCKET: deployment.outputBucket,
      TOPIC_ARN: arns.of("sns", names.finishedJobsTopic),
      CLUSTER: names.cluster,
      API_KEYS_SECRET: names.api,
      ACCOUNTS_SECRET: names.accounts,
      PLAYBACK_SECRET: names.playbackKeys,
      SITE_PARAMETER: names.siteParameter,
      WORKER_ARCHITECTURE: deployment.worker.architecture,
      WORKER_SCRATCH_GIB: String(deployment.worker.scratchGiB),
      CAPACITY_PROVIDER: deployment.worker.capacityProvider,
      ASSIGN_PUBLIC_IP: deployment.network === "public" ? "ENABLED" : "DISABLED",
      STAGE_NAME: deployment.stage,
      ...(channels.length === 0
        ? {}
        : {
            CHANNELS_TABLE: names.channelsTable,
            DETECTIONS_TABLE: names.detectionsTable,
            LABELS_TABLE: names.labelsTable,
            APPEARANCES_TABLE: names.appearancesTable,
          }),
      ALLOWED_ORIGINS: deployment.api.allowedOrigins.join(","),
      ...(userPool === undefined
        ? {}
        : { COGNITO_ISSUER: userPool.issuer, COGNITO_CLIENT_ID: userPool.clientId }),
    };
    const api = new BundledFunction(this, "api", {
      name: names.api,
      description: "Serves the HTTP API",
      code: packages.api,
      environment,
      timeoutSeconds: timeoutSeconds.api,
      // CPU grows with memory, and a password's hash takes 32 MB.
      memoryMb: 1024,
      reservedConcurrency: 50,
      deadLetterQueue: new Queue(this, "invocation-dlq", { name: `${names.api}-dlq` }),
    });
    const jobsTable = new TableReference(this, "jobs-table", { name: names.jobsTable });
    // Also counts the events of the rate limits.
    jobsTable.grantReadWrite(api.role, {
      calls: [
        "GetItem",
        "BatchGetItem",
        "UpdateItem",
        "DeleteItem",
        // For clips of channels.
        ...(channels.length > 0 ? (["PutItem"] as const) : []),
      ],
      indexes: ["status-created", "owner-created", "source"],
    });
    // To cancel transcoder jobs, and for their progress.
    new TableReference(this, "transcoder-table", { name: names.transcoderTable }).grantReadWrite(api.role, {
      calls: ["GetItem", "UpdateItem"],
    });
    const responses = new RecordTable(this, "responses", {
      name: names.responsesTable,
      definition: responsesTable,
    });
    responses.grantReadWrite(api.role, {
      calls: ["GetItem", "PutItem", "UpdateItem", "DeleteItem"],
      indexes: responsesTable.indexes.map(({ name }) => name),
    });
    if (channels.length > 0) this.#grantChannels(api.role);
    const inputObjects = new BucketReference(this, "input-bucket", { name: deployment.inputBucket });
    const outputObjects = new BucketReference(this, "output-bucket", { name: deployment.outputBucket });
    inputObjects.grantUpload(api.role);
    if (channels.length > 0) outputObjects.grantReadWritePrefix(api.role, archivePrefix);
    // The deletion of a video removes its upload and its outputs.
    for (const objects of [inputObjects, outputObjects]) objects.grantDeleteVersions(api.role);
    grantMediaKeys(api.role, "write");
    new WorkerTaskReference(this, "worker", { name: names.workerTaskFamily }).grantManageTasks(
      api.role,
      "StopTask",
    );
    api.role.addPermission({
      actions: ["sns:Publish"],
      resources: [arns.of("sns", names.finishedJobsTopic)],
    });
    secrets.grantRead(api.role);
    // The stack site creates it, and afterwards CloudFront sends it.
    api.role.addPermission({
      actions: ["secretsmanager:GetSecretValue"],
      resources: [arns.secret(names.originSecret)],
    });
    api.role.addPermission({
      actions: ["ssm:GetParameter"],
      resources: [arns.of("ssm", `parameter${names.siteParameter}`)],
    });
    this.#createResponseEvents(packages["response-events"], jobsTable, responses);
    const httpApi = new HttpApi(this, "http", {
      name: names.api,
      description: `HTTP API of ${deployment.project} ${deployment.stage}`,
      lambdaFunction: api,
      throttling: { rateLimit: 100, burstLimit: 200 },
    });
    this.exportOutput({
      endpoint: httpApi.endpoint,
      ...(userPool === undefined ? {} : { user_pool_id: userPool.id }),
    });
  }

  /** Grants showing, pausing and resuming channels. The stack highlights creates their tables. */
  #grantChannels(role: ServiceRole): void {
    const { names } = this;
    const grant = (id: string, name: string, access: TableAccess): void =>
      new TableReference(this, `${id}-table`, { name }).grantReadWrite(role, access);
    grant("channels", names.channelsTable, { calls: ["GetItem", "UpdateItem"], indexes: ["channel-start"] });
    grant("labels", names.labelsTable, { calls: [], indexes: ["last-seen"] });
    grant("appearances", names.appearancesTable, {
      calls: [],
      indexes: ["channel-start", "label-start", "unfinished"],
    });
  }

  /** Creates the function that keeps responses in the state of their jobs, with its queue. */
  #createResponseEvents(
    code: FunctionPackages["response-events"],
    jobsTable: TableReference,
    responses: TableReference,
  ): void {
    const { names, arns, deployment } = this;
    const { inputBucket } = deployment;
    const queue = new EventQueue(this, "response-messages", {
      name: names.responseEvents,
      eventPattern: matchCreatedObjects(inputBucket, [responsesPrefix]),
      topicArn: arns.of("sns", names.finishedJobsTopic),
      messageFilter: finishedJobFilter,
      consumerTimeoutSeconds: timeoutSeconds.responseEvents,
    });
    const environment: EnvironmentVariables<typeof responseEventsEnvironment> = {
      JOBS_TABLE: names.jobsTable,
      RESPONSES_TABLE: names.responsesTable,
      INPUT_BUCKET: inputBucket,
    };
    const responseEvents = new BundledFunction(this, "response-events", {
      name: names.responseEvents,
      description: "Keeps responses in the state of their jobs",
      code,
      environment,
      timeoutSeconds: timeoutSeconds.responseEvents,
      reservedConcurrency: 5,
      deadLetterQueue: queue.deadLetterQueue,
    });
    jobsTable.grantReadWrite(responseEvents.role, { calls: ["GetItem"] });
    responses.grantReadWrite(responseEvents.role, {
      calls: ["GetItem", "UpdateItem"],
      indexes: ["video-key-stem"],
    });
    responseEvents.consume(queue, 5);
  }
}
