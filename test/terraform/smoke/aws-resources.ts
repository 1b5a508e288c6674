import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  ListObjectVersionsCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { type MotoQueue, ruleToQueue } from "./messages.ts";

// Clients find the emulator by the standard AWS environment, as the functions' clients do.

/** The two buckets of a stage; EventBridge receives every upload. */
export const createBuckets = async ({
  inputBucket,
  outputBucket,
}: {
  readonly inputBucket: string;
  readonly outputBucket: string;
}): Promise<void> => {
  const client = new S3Client({});
  for (const bucket of [inputBucket, outputBucket]) {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    await client.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
  }
  await client.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: inputBucket,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
};

/** Keys of every version and marker in a bucket. */
export const listVersionKeys = async (client: S3Client, bucket: string): Promise<readonly string[]> => {
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucket }),
  );
  return [...Versions, ...DeleteMarkers].map(({ Key }) => Key ?? "");
};

export const createSecret = async (name: string, text: string): Promise<void> => {
  await new SecretsManagerClient({}).send(new CreateSecretCommand({ Name: name, SecretString: text }));
};

/** @param queue subscribed to the topic, raw */
export const createTopic = async (name: string, queue?: MotoQueue): Promise<string> => {
  const client = new SNSClient({});
  const { TopicArn: topic = "" } = await client.send(new CreateTopicCommand({ Name: name }));
  if (queue !== undefined)
    await client.send(
      new SubscribeCommand({
        TopicArn: topic,
        Protocol: "sqs",
        Endpoint: queue.arn,
        Attributes: { RawMessageDelivery: "true" },
      }),
    );
  return topic;
};

/** Sends "Object Created" of a bucket's keys with one of the prefixes to a queue. */
export const uploadsToQueue = (
  endpoint: string,
  rule: string,
  bucket: string,
  prefixes: readonly string[],
  queue: MotoQueue,
): Promise<void> =>
  ruleToQueue(
    endpoint,
    rule,
    {
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: {
        bucket: { name: [bucket] },
        ...(prefixes.includes("") ? {} : { object: { key: prefixes.map((prefix) => ({ prefix })) } }),
      },
    },
    queue,
  );

/** Creates a function from an image, which the emulator does not pull. */
export const createImageFunction = async (name: string): Promise<void> => {
  const { Role: role } = await new IAMClient({}).send(
    new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: "{}" }),
  );
  await new LambdaClient({}).send(
    new CreateFunctionCommand({
      FunctionName: name,
      PackageType: "Image",
      Code: { ImageUri: `123456789012.dkr.ecr.us-east-1.amazonaws.com/ffmpeg@sha256:${"a".repeat(64)}` },
      Role: role?.Arn,
    }),
  );
};
