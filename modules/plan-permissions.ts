import { bucketArn } from "./arns.ts";
import type { Statement } from "./policy-document.ts";
import type { StageStack } from "./stack.ts";

/** What describes resources and shows nothing that lies in them; most of these calls know no resource. */
const describing = [
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
  // Terraform makes up ephemeral keys for every plan, and throws them away.
  "secretsmanager:GetRandomPassword",
  "secretsmanager:GetResourcePolicy",
  "sns:Get*",
  "sns:List*",
  "sqs:GetQueueAttributes",
  "sqs:GetQueueUrl",
  "sqs:ListQueueTags",
];

/** What the role that plans may do: read descriptions and states, and of all secrets the key that only reads. */
export const planStatements = (
  { arns, names, deployment }: Pick<StageStack, "arns" | "names" | "deployment">,
  stateKeyArn: string,
): readonly Statement[] => {
  const state = bucketArn(names.stateBucket);
  const code = bucketArn(names.codeBucket);
  const buckets = [
    names.stateBucket,
    names.stateLogBucket,
    names.codeBucket,
    names.logBucket,
    deployment.inputBucket,
    deployment.outputBucket,
  ].map(bucketArn);
  const own = `${deployment.project}-${deployment.stage}-*`;
  return [
    {
      Sid: "Describe",
      Effect: "Allow",
      Action: describing,
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": deployment.region } },
    },
    {
      Sid: "Access",
      Effect: "Allow",
      Action: ["iam:Get*", "iam:List*"],
      Resource: [
        arns.role(own),
        arns.policy(own),
        `arn:aws:iam::${arns.account}:oidc-provider/token.actions.githubusercontent.com`,
      ],
    },
    {
      Sid: "Buckets",
      Effect: "Allow",
      Action: [
        "s3:GetAccelerateConfiguration",
        "s3:GetBucket*",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
      ],
      Resource: buckets,
    },
    {
      Sid: "StatesAndCode",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion"],
      Resource: [`${state}/${deployment.stage}/*.tfstate`, `${code}/*`],
    },
    { Sid: "StateKey", Effect: "Allow", Action: "kms:Decrypt", Resource: stateKeyArn },
    {
      // Without it Lambda tells of a function all but its variables, and each would be planned to be given them anew
      // (Lambda developer guide, "Managing permissions to your server-side encryption KMS key").
      Sid: "CodeVariablesAndReadKey",
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
      Sid: "ReadKey",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: arns.secret(names.transcoderReadKey),
    },
  ];
};
