import { ECRClient } from "@aws-sdk/client-ecr";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { STSClient } from "@aws-sdk/client-sts";

/** Options of every client; the endpoint and the credentials only in tests. */
export interface AccountOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Clients for the account and the Region of a stage. */
export interface StageAccount {
  readonly sts: STSClient;
  /** STS in us-east-1, which is enabled in every account. */
  readonly globalSts: STSClient;
  readonly lambda: LambdaClient;
  readonly quotas: ServiceQuotasClient;
  readonly s3: S3Client;
  readonly ecr: ECRClient;
  close(): void;
}

/** A check that gets no answer ends in seconds: the command must not hang where there is no network. */
const limits = { maxAttempts: 2, requestHandler: { connectionTimeout: 5000, requestTimeout: 15_000 } };

/** Opens the clients. They use the standard sources of credentials and the AWS_* variables. */
export const openStageAccount = (options: AccountOptions): StageAccount => {
  const configuration = { ...limits, ...options };
  const clients = {
    sts: new STSClient(configuration),
    globalSts: new STSClient({ ...configuration, region: "us-east-1" }),
    lambda: new LambdaClient(configuration),
    quotas: new ServiceQuotasClient(configuration),
    s3: new S3Client(configuration),
    ecr: new ECRClient(configuration),
  };
  return {
    ...clients,
    close() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
};
