import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SSMClient } from "@aws-sdk/client-ssm";
import { handle, type LambdaContext, type LambdaEvent } from "hono/aws-lambda";
import { createSecretAccountStore } from "../../adapters/aws/account-store.ts";
import { createCloudFrontOriginReader } from "../../adapters/aws/cloudfront-origin.ts";
import { createEcsClient } from "../../adapters/aws/ecs-client.ts";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createSnsNotifier } from "../../adapters/aws/notifier.ts";
import { createS3ObjectLookup } from "../../adapters/aws/object-lookup.ts";
import { createS3ObjectStore } from "../../adapters/aws/object-store.ts";
import { removeObjectVersions } from "../../adapters/aws/object-version-removal.ts";
import { createCloudFrontPlaybackSigner } from "../../adapters/aws/playback-signer.ts";
import { createDynamoRateLimiter } from "../../adapters/aws/rate-limiter.ts";
import { createDynamoResponseStore } from "../../adapters/aws/response-store.ts";
import { cacheSite, readSite } from "../../adapters/aws/site-parameter.ts";
import { createS3SourceSigner } from "../../adapters/aws/source-signer.ts";
import { createEcsTaskStopper } from "../../adapters/aws/task-runner.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { createDynamoTranscoderStore } from "../../adapters/aws/transcoder-store.ts";
import { createS3UploadSigner } from "../../adapters/aws/upload-signer.ts";
import { parseApiConfiguration } from "../../pipeline/configuration/api-configuration.ts";
import { apiEnvironment } from "../../pipeline/environment/api.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { getViewerAddress } from "./cloudfront-gate.ts";
import { createDeployedApp } from "./deployed-app.ts";
import { createDeployedChannels } from "./deployed-channels.ts";
import { createDeployedJobs } from "./deployed-jobs.ts";
import { createIdentityProvider } from "./oidc.ts";

// The bundler replaces `process.env.CONFIGURATION` and `process.env.REELWAY_VERSION` with their values.
const environment = parseEnvironment("api", apiEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
  REELWAY_VERSION: process.env.REELWAY_VERSION,
});
const region = environment.AWS_REGION;
const telemetry = createTelemetry("api");
const clock = { now: () => new Date() };
const database = new DynamoDBClient({ region });
const jobs = createDynamoJobStore(database, environment.JOBS_TABLE, clock);
const s3 = new S3Client({ region });
const configuration = parseApiConfiguration(environment.CONFIGURATION);
const rateLimiter = createDynamoRateLimiter(database, environment.JOBS_TABLE, clock);
const secrets = new SecretsManagerClient({ region });
const ssm = new SSMClient({ region });
const site = cacheSite(() => readSite(ssm, environment.SITE_PARAMETER));
const { COGNITO_ISSUER: issuer, COGNITO_CLIENT_ID: clientId } = environment;
const accounts = createSecretAccountStore(secrets, {
  accounts: environment.ACCOUNTS_SECRET,
  keys: environment.API_KEYS_SECRET,
});
const readResponseKey = async () => Buffer.from((await accounts.read()).responseKey, "base64url");

const channels = createDeployedChannels(database, environment, {
  configuration,
  stage: environment.STAGE_NAME,
  clock,
  jobPorts: {
    jobs,
    objects: createS3ObjectStore(s3),
    outputBucket: environment.OUTPUT_BUCKET,
    configuration,
    clock,
  },
});

const handleRequest = handle(
  createDeployedApp({
    jobs: createDeployedJobs({
      jobs,
      transcoderStore: createDynamoTranscoderStore(database, environment.TRANSCODER_TABLE, clock),
      inputBucket: environment.INPUT_BUCKET,
      tasks: createEcsTaskStopper(createEcsClient({ region }), environment.CLUSTER),
      notifier: createSnsNotifier(new SNSClient({ region })),
      topic: environment.TOPIC_ARN,
      ...telemetry,
    }),
    uploads: {
      signer: createS3UploadSigner({ region }, environment.INPUT_BUCKET),
      isDiskFull: () => false,
    },
    responses: {
      store: createDynamoResponseStore(database, environment.RESPONSES_TABLE),
      rateLimiter,
      settings: configuration.responses,
      routes: configuration,
      clock,
      readKey: readResponseKey,
      getClientAddress: getViewerAddress,
    },
    videos: {
      store: jobs,
      objects: {
        ...createS3ObjectLookup(s3),
        removeVersions: (bucket, versions) => removeObjectVersions(s3, bucket, versions),
      },
      sourceSigner: createS3SourceSigner(s3),
      playbackSigner: createCloudFrontPlaybackSigner({
        secrets,
        secretId: environment.PLAYBACK_SECRET,
        site,
      }),
      clock,
    },
    ...(channels === undefined ? {} : { channels }),
    configuration,
    workerHardware: {
      architecture: environment.WORKER_ARCHITECTURE,
      scratchGiB: environment.WORKER_SCRATCH_GIB,
      capacityProvider: environment.CAPACITY_PROVIDER,
      hasPublicAddress: environment.ASSIGN_PUBLIC_IP === "ENABLED",
    },
    // Not the session key: its rotation ends no upload.
    readSigningKeys: async () => [await readResponseKey()],
    authentication: {
      accounts,
      rateLimiter,
      clock,
      getClientAddress: getViewerAddress,
      ...(issuer === undefined || clientId === undefined
        ? {}
        : {
            identityProvider: createIdentityProvider({
              issuer,
              // The site has a client for its own domain.
              clientId: async () => (await site.read())?.cognitoClientId ?? clientId,
              groupsClaim: "cognito:groups",
            }),
          }),
    },
    readOrigin: createCloudFrontOriginReader({ secrets, site }),
    allowedOrigins: environment.ALLOWED_ORIGINS,
    version: environment.REELWAY_VERSION,
    log: telemetry.log,
  }),
);

/** The function api, behind an HTTP API. */
export const handler = withTelemetry(telemetry, (event: LambdaEvent, context: LambdaContext) =>
  handleRequest(event, context),
);
