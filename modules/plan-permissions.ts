import { formatBucketArn } from "./arns.ts";
import type { Statement } from "./policy-document.ts";
import type { StageStack } from "./stack.ts";

/**
 * Actions that describe resources without their contents and support no resource-level permissions, or whose resources
 * have ids that AWS assigns.
 */
const describeActions = [
  "cloudwatch:DescribeAlarms",
  "ec2:Describe*",
  "ecs:DescribeTaskDefinition",
  "kms:ListAliases",
  "logs:Describe*",
  // Terraform generates ephemeral keys for each plan and discards them.
  "secretsmanager:GetRandomPassword",
];

/** Actions that describe the stage's resources with a name. */
const describeNamedActions = [
  "cloudwatch:GetDashboard",
  "cloudwatch:ListTagsForResource",
  "dynamodb:Describe*",
  "dynamodb:ListTagsOfResource",
  "ecr:Describe*",
  "ecr:GetLifecyclePolicy",
  "ecr:ListTagsForResource",
  "ecs:Describe*",
  "ecs:ListTagsForResource",
  "events:Describe*",
  "events:List*",
  "lambda:GetFunction*",
  "lambda:GetPolicy",
  "lambda:List*",
  "logs:ListTagsForResource",
  "scheduler:GetSchedule",
  "secretsmanager:DescribeSecret",
  "secretsmanager:GetResourcePolicy",
  "sns:Get*",
  "sns:List*",
  "sqs:GetQueueAttributes",
  "sqs:GetQueueUrl",
  "sqs:ListQueueTags",
];

type Stack = Pick<StageStack, "arns" | "names" | "deployment">;

/** Lists the ARNs of the stage's resources with a name, by pattern. */
export const listNamedArns = ({
  arns,
  deployment,
}: Pick<Stack, "arns" | "deployment">): readonly string[] => {
  const stageNamePattern = `${deployment.project}-${deployment.stage}-*`;
  return [
    ["cloudwatch", `alarm:${stageNamePattern}`],
    ["dynamodb", `table/${stageNamePattern}`],
    ["ecr", `repository/${stageNamePattern}`],
    ["ecs", `*/${stageNamePattern}`],
    // Rules, also those of a direct route's bus, and the buses.
    ["events", `*/${stageNamePattern}`],
    ["lambda", `function:${stageNamePattern}`],
    ["logs", `log-group:/aws/*/${stageNamePattern}`],
    ["logs", `log-group:/reelway/${stageNamePattern}`],
    ["scheduler", `schedule/default/${stageNamePattern}`],
    ["secretsmanager", `secret:${stageNamePattern}`],
    ["sns", stageNamePattern],
    ["sqs", stageNamePattern],
  ]
    .map(([service = "", resource = ""]) => arns.of(service, resource))
    .concat(`arn:aws:cloudwatch::${arns.account}:dashboard/${deployment.project}-${deployment.stage}`);
};

/** ARNs of the stage's keys. Neither the plan role nor the apply role manages keys. */
export interface StageKeys {
  /** Encrypts Terraform's states. */
  readonly stateKeyArn: string;
  /** Encrypts everything else. */
  readonly stageKeyArn: string;
}

/** Builds the plan role's own policy: descriptions of named resources, which the apply role has through its policy. */
export const buildNamedPlanStatements = (stack: Stack): readonly Statement[] => [
  { Sid: "DescribeNamed", Effect: "Allow", Action: describeNamedActions, Resource: listNamedArns(stack) },
];

/**
 * Builds the policy that plan and apply role share: read descriptions without resource-level permissions, states, and the
 * transcoder key of scope `read`.
 */
export const buildPlanStatements = (
  stack: Stack,
  { stateKeyArn, stageKeyArn }: StageKeys,
): readonly Statement[] => {
  const { arns, names, deployment } = stack;
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
      Sid: "DescribeEventSourceMappings",
      Effect: "Allow",
      Action: "lambda:GetEventSourceMapping",
      Resource: "*",
      Condition: {
        ArnLike: {
          "lambda:FunctionArn": arns.of("lambda", `function:${stageNamePattern}`),
        },
      },
    },
    {
      Sid: "ListEventSourceMappingTags",
      Effect: "Allow",
      Action: "lambda:ListTags",
      Resource: arns.of("lambda", "event-source-mapping:*"),
    },
    {
      Sid: "DescribeHttpApis",
      Effect: "Allow",
      Action: "apigateway:GET",
      Resource: ["/apis", "/apis/*", "/tags/*"].map(
        (path) => `arn:aws:apigateway:${deployment.region}::${path}`,
      ),
    },
    {
      Sid: "DescribeKeys",
      Effect: "Allow",
      Action: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
      Resource: [stateKeyArn, stageKeyArn],
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
      Resource: stageKeyArn,
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
