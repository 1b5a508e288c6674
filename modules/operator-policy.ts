import { Construct } from "constructs";
import { IamPolicy } from "#aws/iam-policy";
import { formatBucketArn } from "./arns.ts";
import { buildNamePrefix } from "./names.ts";
import type { StageKeys } from "./plan-permissions.ts";
import { renderPolicyDocument, type Statement } from "./policy-document.ts";
import { StageStack } from "./stack.ts";

/** Actions of `redrive` and `webhooks` on a dead-letter queue. */
const deadLetterActions = [
  "sqs:CancelMessageMoveTask",
  "sqs:ChangeMessageVisibility",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:GetQueueUrl",
  "sqs:ListMessageMoveTasks",
  "sqs:ReceiveMessage",
  "sqs:StartMessageMoveTask",
];

/** Actions of the doctor without resource-level permissions. They return limits of the account. */
const quotaActions = [
  "lambda:GetAccountSettings",
  "servicequotas:GetAWSDefaultServiceQuota",
  "servicequotas:GetServiceQuota",
];

/** Builds the statements. The ARNs are computed, and those of queues that depend on routes and webhooks are patterns. */
const buildStatements = (
  stack: StageStack,
  { stateKeyArn, stageKeyArn }: StageKeys,
): readonly Statement[] => {
  const { arns, names, deployment } = stack;
  const { region, stage, inputBucket, outputBucket, mediaKmsKeyArns } = deployment;
  const namePrefix = buildNamePrefix(deployment);
  const toQueueArn = (name: string): string => arns.of("sqs", name);
  const webhookQueues = `${names.webhookQueuePrefix}*`;
  const jobsTable = arns.of("dynamodb", `table/${names.jobsTable}`);
  const viaServices = (...services: readonly string[]): readonly string[] =>
    services.map((service) => `${service}.${region}.amazonaws.com`);
  return [
    {
      Sid: "Jobs",
      Effect: "Allow",
      Action: [
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
      ],
      Resource: [jobsTable, `${jobsTable}/index/*`],
    },
    {
      Sid: "TranscoderJobs",
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
      Resource: arns.of("dynamodb", `table/${names.transcoderTable}`),
    },
    {
      Sid: "StopTasks",
      Effect: "Allow",
      Action: "ecs:StopTask",
      Resource: arns.of("ecs", `task/${names.cluster}/*`),
      Condition: { ArnEquals: { "ecs:cluster": arns.of("ecs", `cluster/${names.cluster}`) } },
    },
    {
      Sid: "DeadLetters",
      Effect: "Allow",
      Action: deadLetterActions,
      Resource: toQueueArn(`${namePrefix}-*-dlq`),
    },
    {
      Sid: "RedriveMessages",
      Effect: "Allow",
      Action: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"],
      Resource: [
        names.router,
        names.jobEvents,
        names.onOutput,
        names.onJobFinished,
        names.transcoderDispatcher,
        names.transcoderEvents,
        names.responseEvents,
        webhookQueues,
      ].map(toQueueArn),
    },
    {
      Sid: "ReadUploads",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: `${formatBucketArn(inputBucket)}/*`,
    },
    {
      Sid: "ListUploads",
      Effect: "Allow",
      Action: "s3:ListBucketVersions",
      Resource: formatBucketArn(inputBucket),
    },
    {
      Sid: "UseStageKey",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: stageKeyArn,
      Condition: { StringEquals: { "kms:ViaService": viaServices("dynamodb", "s3", "sqs") } },
    },
    ...(mediaKmsKeyArns.length === 0
      ? []
      : [
          {
            Sid: "ReadUploadsOfOtherKeys",
            Effect: "Allow" as const,
            Action: "kms:Decrypt",
            Resource: mediaKmsKeyArns,
            Condition: { StringEquals: { "kms:ViaService": viaServices("s3") } },
          },
        ]),
    {
      Sid: "CheckBuckets",
      Effect: "Allow",
      Action: ["s3:GetBucketTagging", "s3:GetEncryptionConfiguration", "s3:ListBucket"],
      Resource: [
        inputBucket,
        outputBucket,
        names.stateBucket,
        names.stateLogBucket,
        names.codeBucket,
        names.logBucket,
        names.siteBucket,
      ].map(formatBucketArn),
    },
    {
      Sid: "CheckState",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: `${formatBucketArn(names.stateBucket)}/${stage}/state.tfstate`,
    },
    {
      Sid: "DecryptState",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: stateKeyArn,
      Condition: { StringEquals: { "kms:ViaService": viaServices("s3") } },
    },
    {
      Sid: "CheckImage",
      Effect: "Allow",
      Action: "ecr:DescribeImages",
      Resource: arns.of("ecr", `repository/${names.imageRepository}`),
    },
    {
      Sid: "CheckFunctions",
      Effect: "Allow",
      Action: "lambda:GetFunctionConcurrency",
      Resource: arns.of("lambda", `function:${namePrefix}-*`),
    },
    {
      Sid: "ReadLogs",
      Effect: "Allow",
      Action: "logs:FilterLogEvents",
      Resource: arns.of("logs", `log-group:/aws/lambda/${namePrefix}-*`),
    },
    { Sid: "CheckQuotas", Effect: "Allow", Action: quotaActions, Resource: "*" },
  ];
};

/** Properties of `OperatorPolicy`. */
export interface OperatorPolicyProps {
  readonly keys: StageKeys;
}

/**
 * The managed policy of the people who operate the stage: what `reelway jobs`, `job`, `retry`, `cancel`, `redrive`,
 * `backfill`, `webhooks` and `doctor` need with `--stage`, and `aws logs tail` for the stage's functions, and nothing else. It reads no outputs and starts no task.
 */
export class OperatorPolicy extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { keys }: OperatorPolicyProps) {
    super(scope, id);
    const stack = StageStack.of(this);
    const { names, deployment } = stack;
    this.arn = new IamPolicy(this, "policy", {
      name: names.operatorPolicy,
      description: `Operates the jobs and queues of ${deployment.project} ${deployment.stage}`,
      policy: renderPolicyDocument(buildStatements(stack, keys)),
    }).arn;
  }
}
