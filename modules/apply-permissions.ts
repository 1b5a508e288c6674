import { formatBucketArn } from "./arns.ts";
import { listNamedArns, type StageKeys } from "./plan-permissions.ts";
import type { Statement } from "./policy-document.ts";
import type { StageStack } from "./stack.ts";

/** Actions on networks, whose ids AWS assigns on creation. */
const networkActions = [
  "ec2:AssociateRouteTable",
  "ec2:AttachInternetGateway",
  "ec2:AuthorizeSecurityGroup*",
  "ec2:CreateFlowLogs",
  "ec2:CreateInternetGateway",
  "ec2:CreateRoute*",
  "ec2:CreateSecurityGroup",
  "ec2:CreateSubnet",
  "ec2:CreateTags",
  "ec2:CreateVpc*",
  "ec2:DeleteFlowLogs",
  "ec2:DeleteInternetGateway",
  "ec2:DeleteRoute*",
  "ec2:DeleteSecurityGroup",
  "ec2:DeleteSubnet",
  "ec2:DeleteTags",
  "ec2:DeleteVpc*",
  "ec2:DetachInternetGateway",
  "ec2:DisassociateRouteTable",
  "ec2:ModifySecurityGroupRules",
  "ec2:ModifySubnetAttribute",
  "ec2:ModifyVpc*",
  "ec2:ReplaceRoute*",
  "ec2:RevokeSecurityGroup*",
];
/** Service-linked roles that are created at the first use of a service in an account. */
const serviceLinkedRoles = {
  "ecs.amazonaws.com": "AWSServiceRoleForECS",
  "ops.apigateway.amazonaws.com": "AWSServiceRoleForAPIGateway",
};
/** Further actions without a known ARN. Earlier revisions of task definitions stay (`skipDestroy`). */
const actionsWithoutArn = [
  "lambda:*EventSourceMapping",
  "logs:DeleteLogDelivery",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:CreateLogDelivery",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  "sns:SetSubscriptionAttributes",
  "sns:Unsubscribe",
];

/**
 * Builds the policy of the apply role, in addition to `buildPlanStatements`: create, change and destroy the resources of the
 * stage's stacks, and write their states. Excluded is the state stack: permissions to plan and apply are changed manually with `reelway bootstrap`.
 */
export const buildApplyStatements = (
  stack: Pick<StageStack, "arns" | "names" | "deployment">,
  { stateKeyArn, stageKeyArn }: StageKeys,
): readonly Statement[] => {
  const { arns, names, deployment } = stack;
  const stageNamePattern = `${deployment.project}-${deployment.stage}-*`;
  const stateBucketArn = formatBucketArn(names.stateBucket);
  const bucketArns = [
    deployment.inputBucket,
    deployment.outputBucket,
    names.codeBucket,
    names.logBucket,
    names.siteBucket,
  ].map(formatBucketArn);
  // Of the functions and of the page.
  const codeBucketArns = [names.codeBucket, names.siteBucket].map(formatBucketArn);
  const regionCondition = { StringEquals: { "aws:RequestedRegion": deployment.region } };
  return [
    {
      Sid: "ReadWriteState",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:DeleteObject", "s3:GetObject"],
      Resource: [".tfstate", ".tfstate.tflock"].map(
        (suffix) => `${stateBucketArn}/${deployment.stage}/*${suffix}`,
      ),
    },
    {
      Sid: "EncryptState",
      Effect: "Allow",
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: stateKeyArn,
    },
    {
      Sid: "ManageBuckets",
      Effect: "Allow",
      Action: [
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucket*",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
      ],
      Resource: bucketArns,
    },
    {
      Sid: "WriteCode",
      Effect: "Allow",
      // The provider deletes an object with all its versions.
      Action: ["s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject*", "s3:ListBucketVersions"],
      Resource: codeBucketArns.flatMap((arn) => [arn, `${arn}/*`]),
    },
    {
      Sid: "ManageNetwork",
      Effect: "Allow",
      Action: networkActions,
      Resource: "*",
      Condition: regionCondition,
    },
    {
      // Required for an endpoint with a private DNS name (Service Authorization Reference, CreateVpcEndpoint).
      Sid: "EndpointPrivateDns",
      Effect: "Allow",
      Action: "route53:AssociateVPCWithHostedZone",
      Resource: "arn:aws:route53:::hostedzone/*",
    },
    {
      Sid: "ActionsWithoutArn",
      Effect: "Allow",
      Action: actionsWithoutArn,
      Resource: "*",
      Condition: regionCondition,
    },
    {
      Sid: "TagEventSourceMappings",
      Effect: "Allow",
      Action: ["lambda:TagResource", "lambda:UntagResource"],
      Resource: arns.of("lambda", "event-source-mapping:*"),
    },
    {
      Sid: "UseStageKey",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: stageKeyArn,
    },
    {
      // Lambda and DynamoDB use the key on behalf of the creator of a function or a table (Lambda developer
      // guide, "Securing environment variables"; DynamoDB developer guide, "DynamoDB encryption at rest").
      Sid: "GrantStageKeyToServices",
      Effect: "Allow",
      Action: "kms:CreateGrant",
      Resource: stageKeyArn,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
    {
      Sid: "ManageNamedResources",
      Effect: "Allow",
      Action: [
        "cloudwatch:*",
        "dynamodb:*Table",
        "dynamodb:*agResource",
        "dynamodb:Describe*",
        "dynamodb:ListTagsOfResource",
        "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateTimeToLive",
        "ecr:*",
        "ecs:*",
        "events:*",
        "lambda:*",
        "logs:*",
        "scheduler:*",
        "secretsmanager:*",
        "sns:*",
        "sqs:*",
      ],
      Resource: listNamedArns(stack),
    },
    {
      Sid: "ManageHttpApis",
      Effect: "Allow",
      Action: [
        "apigateway:POST",
        "apigateway:PUT",
        "apigateway:PATCH",
        "apigateway:DELETE",
        "apigateway:TagResource",
      ],
      Resource: ["/apis", "/apis/*", "/tags/*"].map(
        (path) => `arn:aws:apigateway:${deployment.region}::${path}`,
      ),
    },
    {
      Sid: "ManageRoles",
      Effect: "Allow",
      Action: [
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole*",
      ],
      Resource: arns.role(stageNamePattern),
    },
    {
      Sid: "PassRoles",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: arns.role(stageNamePattern),
      Condition: {
        StringEquals: {
          "iam:PassedToService": ["ecs-tasks", "events", "lambda", "scheduler", "vpc-flow-logs"].map(
            (service) => `${service}.amazonaws.com`,
          ),
        },
      },
    },
    {
      Sid: "CreateServiceLinkedRoles",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: Object.entries(serviceLinkedRoles).map(([service, role]) =>
        arns.role(`aws-service-role/${service}/${role}`),
      ),
      Condition: { StringEquals: { "iam:AWSServiceName": Object.keys(serviceLinkedRoles) } },
    },
    {
      // Reading stays allowed: an apply also plans the stack that defines these roles.
      Sid: "DenyWorkflowRoles",
      Effect: "Deny",
      Action: [
        "iam:Attach*",
        "iam:CreateRole",
        "iam:Delete*",
        "iam:Detach*",
        "iam:PassRole",
        "iam:Put*",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:Update*",
      ],
      Resource: [arns.role(names.planRole), arns.role(names.applyRole)],
    },
  ];
};
