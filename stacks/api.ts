import type { Construct } from "constructs";
import { ApiSecrets } from "../modules/api-secrets.ts";
import { BucketReference } from "../modules/bucket-reference.ts";
import { BundledFunction } from "../modules/function.ts";
import type { EnvironmentVariables } from "../modules/function-environment.ts";
import type { FunctionPackages } from "../modules/function-packages.ts";
import { HttpApi } from "../modules/http-api.ts";
import { Queue } from "../modules/queue.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";
import { TableReference } from "../modules/table-reference.ts";
import { UserPool } from "../modules/user-pool.ts";
import { WorkerTaskReference } from "../modules/worker-task-reference.ts";
import type { apiEnvironment } from "../pipeline/environment/api.ts";

/** Longest integration timeout of an HTTP API is 30 s. */
const timeoutSeconds = 29;

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
    const secrets = new ApiSecrets(this, "secrets");
    const userPool =
      deployment.api.signIn === "password"
        ? undefined
        : new UserPool(this, "users", { name: names.userPool, listOrigins: () => [httpApi.endpoint] });
    const environment: EnvironmentVariables<typeof apiEnvironment> = {
      JOBS_TABLE: names.jobsTable,
      TRANSCODER_TABLE: names.transcoderTable,
      INPUT_BUCKET: deployment.inputBucket,
      TOPIC_ARN: arns.of("sns", names.finishedJobsTopic),
      CLUSTER: names.cluster,
      API_KEYS_SECRET: names.api,
      ACCOUNTS_SECRET: names.accounts,
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
      timeoutSeconds,
      // CPU grows with memory, and a password's hash takes 32 MB.
      memoryMb: 1024,
      reservedConcurrency: 50,
      deadLetterQueue: new Queue(this, "invocation-dlq", { name: `${names.api}-dlq` }),
    });
    new TableReference(this, "jobs-table", { name: names.jobsTable }).grantReadWrite(api.role, {
      calls: ["GetItem", "UpdateItem"],
      indexes: ["status-created", "owner-created"],
    });
    // To cancel transcoder jobs, and for their progress.
    new TableReference(this, "transcoder-table", { name: names.transcoderTable }).grantReadWrite(api.role, {
      calls: ["GetItem", "UpdateItem"],
    });
    new BucketReference(this, "input-bucket", { name: deployment.inputBucket }).grantUpload(api.role);
    if (deployment.mediaKmsKeyArns.length > 0)
      api.role.addPermission({
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: deployment.mediaKmsKeyArns,
      });
    new WorkerTaskReference(this, "worker", { name: names.workerTaskFamily }).grantManageTasks(
      api.role,
      "StopTask",
    );
    api.role.addPermission({
      actions: ["sns:Publish"],
      resources: [arns.of("sns", names.finishedJobsTopic)],
    });
    secrets.grantRead(api.role);
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
}
