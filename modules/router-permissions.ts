import type { Deployment, DeploymentNames } from "../pipeline/deployment/names.ts";
import { type Arns, bucketArn } from "./naming.ts";
import type { Permission } from "./role.ts";

/** What the router does: look at the upload, claim it, start its task or transcoder job, tell of an error. */
export const routerPermissions = (
  { inputBucket }: Deployment,
  names: DeploymentNames,
  arns: Arns,
  queue: string,
): readonly Permission[] => [
  {
    actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    resources: [queue],
  },
  { actions: ["s3:GetObject", "s3:GetObjectVersion"], resources: [`${bucketArn(inputBucket)}/*`] },
  { actions: ["s3:ListBucket"], resources: [bucketArn(inputBucket)] },
  {
    actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    resources: [arns.of("dynamodb", `table/${names.jobsTable}`)],
  },
  {
    actions: ["dynamodb:Query"],
    resources: [arns.of("dynamodb", `table/${names.jobsTable}/index/*`)],
  },
  {
    actions: ["ecs:RunTask"],
    resources: [arns.of("ecs", `task-definition/${names.worker}:*`)],
    condition: { ArnEquals: { "ecs:cluster": arns.of("ecs", `cluster/${names.cluster}`) } },
  },
  { actions: ["ecs:StopTask"], resources: [arns.of("ecs", `task/${names.cluster}/*`)] },
  {
    actions: ["iam:PassRole"],
    resources: ["task", "execution"].map((role) => arns.role(`${names.worker}-${role}`)),
    condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
  },
  { actions: ["sns:Publish"], resources: [arns.of("sns", names.topic)] },
  // Secrets Manager adds six characters to a secret's name.
  {
    actions: ["secretsmanager:GetSecretValue"],
    resources: [arns.of("secretsmanager", `secret:${names.transcoderKeys}-??????`)],
  },
];
