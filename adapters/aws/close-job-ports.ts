import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ElasticTranscoderClient } from "@aws-sdk/client-elastic-transcoder";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { parseJobConfiguration } from "../../pipeline/configuration/job-configuration.ts";
import type { TranscoderStatePorts } from "../../pipeline/jobs/apply-transcoder-state.ts";
import type { JobPorts } from "../../pipeline/jobs/ports.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import { createDynamoJobStore } from "./job-store.ts";
import { createSnsNotifier } from "./notifier.ts";
import { createSecretsManagerSecrets } from "./secrets.ts";
import { createTranscoder } from "./transcoder.ts";
import { createTranscoderCredentials } from "./transcoder-credentials.ts";

/** Environment variables for these ports. */
interface CloseJobEnvironment {
  readonly CONFIGURATION: string;
  readonly JOBS_TABLE: string;
  readonly TOPIC_ARN: string;
  readonly TRANSCODER_KEYS_SECRET: string;
  readonly AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: string;
  readonly AWS_REGION: string;
}

const clock: Clock = { now: () => new Date() };

/** Creates the ports of a function that closes jobs. Called once, at module scope. */
export const createCloseJobPorts = (
  telemetry: Pick<JobPorts, "log" | "metrics">,
  environment: CloseJobEnvironment,
): TranscoderStatePorts & Pick<JobPorts, "configuration"> => {
  const region = environment.AWS_REGION;
  const secrets = createSecretsManagerSecrets(
    new SecretsManagerClient({ region }),
    environment.TRANSCODER_KEYS_SECRET,
  );
  return {
    configuration: parseJobConfiguration(environment.CONFIGURATION),
    jobs: createDynamoJobStore(new DynamoDBClient({ region }), environment.JOBS_TABLE, clock),
    transcoder: createTranscoder(
      new ElasticTranscoderClient({
        region,
        endpoint: environment.AWS_ENDPOINT_URL_ELASTIC_TRANSCODER,
        credentials: createTranscoderCredentials(secrets, clock),
      }),
    ),
    notifier: createSnsNotifier(new SNSClient({ region })),
    topic: environment.TOPIC_ARN,
    clock,
    ...telemetry,
  };
};
