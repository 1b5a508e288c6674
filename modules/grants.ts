import { formatBucketArn } from "./arns.ts";
import type { EventQueue } from "./queue.ts";
import type { Permission } from "./role.ts";
import type { StageStack } from "./stack.ts";

/** What a function does with the records of a table, by its calls and the indexes it asks. */
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
 * Reads objects of a bucket, any version. Without listing, a missing object answers 403 instead of 404, and nobody
 * could tell it from a closed one.
 *
 * @param prefixes of the keys that may be read; all where none is given
 */
export const grantRead = (bucket: string, prefixes: readonly string[] = [""]): readonly Permission[] => [
  {
    actions: ["s3:GetObject", "s3:GetObjectVersion"],
    resources: prefixes.map((prefix) => `${formatBucketArn(bucket)}/${prefix}*`),
  },
  { actions: ["s3:ListBucket"], resources: [formatBucketArn(bucket)] },
];

/** Writes objects of a bucket, and takes them back; older versions stay. */
export const grantWrite = (bucket: string): readonly Permission[] => [
  { actions: ["s3:ListBucket"], resources: [formatBucketArn(bucket)] },
  {
    actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
    resources: [`${formatBucketArn(bucket)}/*`],
  },
];

/** Starts the worker's tasks: on its cluster alone, with exactly its two roles. */
export const grantRunTask = ({ arns, names }: StageStack): readonly Permission[] => [
  {
    actions: ["ecs:RunTask"],
    // With a revision, and without, where the newest is meant.
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

/** Gives tags to tasks while it starts them, and at no other time. */
export const grantTagTask = ({ arns, names }: StageStack): readonly Permission[] => [
  {
    actions: ["ecs:TagResource"],
    resources: [arns.of("ecs", `task/${names.cluster}/*`)],
    condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
  },
];

/** Looks after the worker's tasks. */
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

/** Reads the transcoder's keys, to call it or to check who calls. */
export const grantReadTranscoderKeys = ({ arns, names }: StageStack): readonly Permission[] => [
  { actions: ["secretsmanager:GetSecretValue"], resources: [arns.secret(names.transcoderKeys)] },
];

/** Tells a topic of the stage. */
export const grantPublish = ({ arns }: StageStack, topic: string): readonly Permission[] => [
  { actions: ["sns:Publish"], resources: [arns.of("sns", topic)] },
];

/** Is given a queue's messages. */
export const grantConsume = (queue: EventQueue): readonly Permission[] => [
  {
    actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    resources: [queue.arn],
  },
];
