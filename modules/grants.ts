import { formatBucketArn } from "./arns.ts";
import type { EventQueue } from "./queue.ts";
import type { Permission } from "./role.ts";
import type { StageStack } from "./stack.ts";

/** Grants calls on the records of a table, and queries on indexes. */
export const grantReadWrite = (
  { arns }: StageStack,
  table: string,
  calls: readonly ("GetItem" | "PutItem" | "UpdateItem" | "DeleteItem")[],
  indexes: readonly string[] = [],
): readonly Permission[] => [
  {
    actions: calls.map((call) => `dynamodb:${call}`),
    resources: [arns.of("dynamodb", `table/${table}`)],
  },
  ...(indexes.length === 0
    ? []
    : [
        {
          actions: ["dynamodb:Query"],
          resources: indexes.map((index) => arns.of("dynamodb", `table/${table}/index/${index}`)),
        },
      ]),
];

/**
 * Grants reading all versions of a bucket's objects. Without s3:ListBucket, S3 responds 403 instead of 404 for a missing
 * object.
 *
 * @param prefixes of the keys @default all keys
 */
export const grantRead = (bucket: string, prefixes: readonly string[] = [""]): readonly Permission[] => [
  {
    actions: ["s3:GetObject", "s3:GetObjectVersion"],
    resources: prefixes.map((prefix) => `${formatBucketArn(bucket)}/${prefix}*`),
  },
  { actions: ["s3:ListBucket"], resources: [formatBucketArn(bucket)] },
];

/** Grants writing and deleting objects of a bucket; older versions stay. */
export const grantWrite = (bucket: string): readonly Permission[] => [
  { actions: ["s3:ListBucket"], resources: [formatBucketArn(bucket)] },
  {
    actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
    resources: [`${formatBucketArn(bucket)}/*`],
  },
];

/** Grants starting worker tasks, on the stage's cluster only, with exactly their two roles. */
export const grantRunTask = ({ arns, names }: StageStack): readonly Permission[] => [
  {
    actions: ["ecs:RunTask"],
    // With a revision, and without for the latest one.
    resources: ["", ":*"].map((revision) =>
      arns.of("ecs", `task-definition/${names.workerTaskFamily}${revision}`),
    ),
    condition: matchCluster({ arns, names }),
  },
  {
    actions: ["iam:PassRole"],
    resources: ["task", "execution"].map((role) => arns.role(`${names.workerTaskFamily}-${role}`)),
    condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
  },
];

/** Grants tagging tasks, only while they are started. */
export const grantTagTask = ({ arns, names }: StageStack): readonly Permission[] => [
  {
    actions: ["ecs:TagResource"],
    resources: [arns.of("ecs", `task/${names.cluster}/*`)],
    condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
  },
];

/** Grants describing or stopping worker tasks. */
export const grantManageTasks = (
  { arns, names }: StageStack,
  ...calls: readonly ("DescribeTasks" | "StopTask")[]
): readonly Permission[] => [
  {
    actions: calls.map((call) => `ecs:${call}`),
    resources: [arns.of("ecs", `task/${names.cluster}/*`)],
    condition: matchCluster({ arns, names }),
  },
];

const matchCluster = ({ arns, names }: Pick<StageStack, "arns" | "names">) => ({
  ArnEquals: { "ecs:cluster": arns.of("ecs", `cluster/${names.cluster}`) },
});

/** Grants reading the transcoder's keys, to sign or to verify requests. */
export const grantReadTranscoderKeys = ({ arns, names }: StageStack): readonly Permission[] => [
  { actions: ["secretsmanager:GetSecretValue"], resources: [arns.secret(names.transcoderKeys)] },
];

/** Grants publishing to a topic of the stage. */
export const grantPublish = ({ arns }: StageStack, topic: string): readonly Permission[] => [
  { actions: ["sns:Publish"], resources: [arns.of("sns", topic)] },
];

/** Grants consuming a queue. */
export const grantConsume = (queue: EventQueue): readonly Permission[] => [
  {
    actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    resources: [queue.arn],
  },
];
