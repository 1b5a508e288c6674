import { policy, reference } from "./plans.ts";

const assume = policy({ Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" });
const configuration = (
  resources: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>>,
) =>
  JSON.stringify({
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
    provider: { aws: { region: "us-east-1", max_retries: 2 } },
    resource: resources,
    ...more,
  });
const read = { Action: ["sqs:ReceiveMessage"], Resource: reference("aws_sqs_queue.uploads.arn") };
const rolePolicy = (...statements: readonly Readonly<Record<string, unknown>>[]) => ({
  worker: { name: "permissions", role: reference("aws_iam_role.worker.name"), policy: policy(...statements) },
});
const table = (key: string) => ({
  jobs: {
    name: "jobs",
    billing_mode: "PAY_PER_REQUEST",
    hash_key: key,
    attribute: [{ name: key, type: "S" }],
  },
});

/** The initial configuration, as CDKTF writes it. */
export const firstConfiguration = configuration(
  {
    aws_s3_bucket: { media: { bucket: "media-one" }, old: { bucket: "old-one" } },
    aws_sqs_queue: { uploads: { name: "uploads" } },
    aws_dynamodb_table: table("id"),
    aws_iam_role: { worker: { name: "worker", assume_role_policy: assume } },
    aws_iam_role_policy: rolePolicy(read),
  },
  {},
);

/** Renamed, with a new key, deleted, moved, imported, and a role with added and removed permissions. */
export const changedConfiguration = configuration(
  {
    aws_s3_bucket: { media: { bucket: "media-two" }, taken: { bucket: "taken-over" } },
    aws_sqs_queue: { arrivals: { name: "uploads", message_retention_seconds: 86_400 } },
    aws_dynamodb_table: table("key"),
    aws_iam_role: { worker: { name: "worker", assume_role_policy: assume } },
    aws_iam_role_policy: rolePolicy(
      { Action: "sqs:DeleteMessage", Resource: reference("aws_sqs_queue.arrivals.arn") },
      { Action: "s3:GetObject", Resource: `${reference("aws_s3_bucket.media.arn")}/*` },
    ),
    aws_secretsmanager_secret: { keys: { name: "keys" } },
    aws_secretsmanager_secret_version: {
      keys: { secret_id: reference("aws_secretsmanager_secret.keys.id"), secret_string: "hunter2-4711" },
    },
  },
  {
    moved: [{ from: "aws_sqs_queue.uploads", to: "aws_sqs_queue.arrivals" }],
    import: [{ to: "aws_s3_bucket.taken", id: "taken-over" }],
    output: {
      token: { value: "hunter2-4711", sensitive: true },
      url: { value: reference("aws_sqs_queue.arrivals.url") },
    },
  },
);
