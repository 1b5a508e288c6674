import { formatBucketArn } from "./arns.ts";
import type { Statement } from "./policy-document.ts";
import type { StageStack } from "./stack.ts";

/** Actions that describe resources without their contents; most do not support resource-level permissions. */
const describeActions = [
  "apigateway:GET",
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetDashboard",
  "cloudwatch:ListTagsForResource",
  "dynamodb:Describe*",
  "dynamodb:ListTagsOfResource",
  "ec2:Describe*",
  "ecr:Describe*",
  "ecr:GetLifecyclePolicy",
  "ecr:ListTagsForResource",
  "ecs:Describe*",
  "ecs:ListTagsForResource",
  "events:Describe*",
  "events:List*",
  "kms:DescribeKey",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListAliases",
  "kms:ListResourceTags",
  "lambda:GetEventSourceMapping",
  "lambda:GetFunction*",
  "lambda:GetPolicy",
  "lambda:List*",
  "logs:Describe*",
  "logs:ListTagsForResource",
  "scheduler:GetSchedule",
  "secretsmanager:DescribeSecret",
  // Terraform generates ephemeral keys for each plan and discards them.
  "secretsmanager:GetRandomPassword",
  "secretsmanager:GetResourcePolicy",
  "sns:Get*",
  "sns:List*",
  "sqs:GetQueueAttributes",
  "sqs:GetQueueUrl",
  "sqs:ListQueueTags",
];

/** Builds the policy of the plan role: read descriptions, states, and the transcoder key of scope `read`. */
export const buildPlanStatements = (
  { arns, names, deployment }: Pick<StageStack, "arns" | "names" | "deployment">,
  stateKeyArn: string,
): readonly Statement[] => {
  const stateBucketArn = formatBucketArn(names.stateBucket);
  // Of the functions and of the page.
  const codeBucketArns = [names.codeBucket, names.siteBucket].map(formatBucketArn);
  const bucketArns = [
    names.stateBucket,
    names.stateLogBucket,
    names.codeBucket,
    names.logBucket,
    names.siteBucket,
    deployment.inputBucket,
    deployment.outputBucket,
  ].map(formatBucketArn);
  const stageNamePattern = `${deployment.project}-${deployment.stage}-*`;
  return [
    {
      Sid: "Describe",
      Effect: "Allow",
      Action: describeActions,
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": deployment.region } },
    },
    {
      Sid: "ReadIam",
      Effect: "Allow",
      Action: ["iam:Get*", "iam:List*"],
      Resource: [
        arns.role(stageNamePattern),
        arns.policy(stageNamePattern),
        `arn:aws:iam::${arns.account}:oidc-provider/token.actions.githubusercontent.com`,
      ],
    },
    {
      Sid: "ReadBucketSettings",
      Effect: "Allow",
      Action: [
        "s3:GetAccelerateConfiguration",
        "s3:GetBucket*",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
      ],
      Resource: bucketArns,
    },
    {
      Sid: "ReadObjects",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion"],
      Resource: [
        `${stateBucketArn}/${deployment.stage}/*.tfstate`,
        ...codeBucketArns.map((arn) => `${arn}/*`),
      ],
    },
    { Sid: "DecryptState", Effect: "Allow", Action: "kms:Decrypt", Resource: stateKeyArn },
    {
      // Without it, Lambda does not return a function's variables, and each plan would set them again
      // (Lambda developer guide, "Managing permissions to your server-side encryption KMS key").
      Sid: "DecryptThroughServices",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: arns.of("kms", "key/*"),
      Condition: {
        StringEquals: {
          "kms:ViaService": ["lambda", "s3", "secretsmanager"].map(
            (service) => `${service}.${deployment.region}.amazonaws.com`,
          ),
        },
      },
    },
    {
      Sid: "ReadTranscoderKey",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: arns.secret(names.transcoderReadKey),
    },
  ];
};
