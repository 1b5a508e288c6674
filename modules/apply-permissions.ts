import { bucketArn } from "./arns.ts";
import { planStatements } from "./plan-permissions.ts";
import type { Statement } from "./policy-document.ts";
import type { StageStack } from "./stack.ts";

/** What makes a network knows no resource while there is none. */
const network = [
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
/** Services that make a role of their own in an account, when they are first used there. */
const linkedRoles = {
  "ecs.amazonaws.com": "AWSServiceRoleForECS",
  "ops.apigateway.amazonaws.com": "AWSServiceRoleForAPIGateway",
};
/** Likewise; a task definition has no ARN before it is registered. */
const unnamed = [
  "ecs:DeregisterTaskDefinition",
  "kms:CreateKey",
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
 * What the role that applies may do: make, change and destroy what the stage's stacks name, and write their states.
 * Not the state stack: who may plan and apply is changed by a person, with `reelway bootstrap`.
 */
export const applyStatements = (
  stack: Pick<StageStack, "arns" | "names" | "deployment">,
  stateKeyArn: string,
): readonly Statement[] => {
  const { arns, names, deployment } = stack;
  const own = `${deployment.project}-${deployment.stage}-*`;
  const state = bucketArn(names.stateBucket);
  const media = [deployment.inputBucket, deployment.outputBucket, names.codeBucket, names.logBucket].map(
    bucketArn,
  );
  const inRegion = { StringEquals: { "aws:RequestedRegion": deployment.region } };
  return [
    ...planStatements(stack, stateKeyArn),
    {
      Sid: "States",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:DeleteObject", "s3:GetObject"],
      Resource: [".tfstate", ".tfstate.tflock"].map((end) => `${state}/${deployment.stage}/*${end}`),
    },
    {
      Sid: "StateKeyWrites",
      Effect: "Allow",
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: stateKeyArn,
    },
    {
      Sid: "MakeBuckets",
      Effect: "Allow",
      Action: [
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucket*",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
      ],
      Resource: media,
    },
    {
      // The provider takes a package back with all its versions.
      Sid: "CodeVersions",
      Effect: "Allow",
      Action: "s3:ListBucketVersions",
      Resource: bucketArn(names.codeBucket),
    },
    {
      Sid: "Code",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject", "s3:DeleteObjectVersion"],
      Resource: `${bucketArn(names.codeBucket)}/*`,
    },
    { Sid: "Network", Effect: "Allow", Action: network, Resource: "*", Condition: inRegion },
    {
      // An endpoint with a private name asks for it (Service Authorization Reference, CreateVpcEndpoint).
      Sid: "PrivateNames",
      Effect: "Allow",
      Action: "route53:AssociateVPCWithHostedZone",
      Resource: "arn:aws:route53:::hostedzone/*",
    },
    { Sid: "Unnamed", Effect: "Allow", Action: unnamed, Resource: "*", Condition: inRegion },
    {
      Sid: "MappingTags",
      Effect: "Allow",
      Action: ["lambda:TagResource", "lambda:UntagResource"],
      Resource: arns.of("lambda", "event-source-mapping:*"),
    },
    {
      Sid: "Keys",
      Effect: "Allow",
      Action: [
        "kms:*Alias",
        "kms:*KeyRotation",
        // What Lambda and DynamoDB do with a key in the name of whoever makes a function or a table (Lambda developer
        // guide, "Securing environment variables"; DynamoDB developer guide, "DynamoDB encryption at rest").
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "kms:ReEncrypt*",
        "kms:PutKeyPolicy",
        "kms:*agResource",
        "kms:UpdateKeyDescription",
      ],
      Resource: [arns.of("kms", "key/*"), arns.of("kms", `alias/${deployment.project}-${deployment.stage}*`)],
    },
    {
      // Of all the account's keys, none of which has a name: only the stage's own, and not that of its states.
      Sid: "KeyEnd",
      Effect: "Allow",
      Action: "kms:ScheduleKeyDeletion",
      Resource: arns.of("kms", "key/*"),
      Condition: {
        StringEquals: {
          "aws:ResourceTag/project": deployment.project,
          "aws:ResourceTag/stage": deployment.stage,
          "aws:ResourceTag/stack": "storage",
        },
      },
    },
    {
      Sid: "Named",
      Effect: "Allow",
      Action: [
        "cloudwatch:*",
        "dynamodb:*Table",
        "dynamodb:*agResource",
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
      Resource: [
        ["cloudwatch", `alarm:${own}`],
        ["dynamodb", `table/${own}`],
        ["ecr", `repository/${own}`],
        ["ecs", `*/${own}`],
        ["events", `rule/${own}`],
        ["lambda", `function:${own}`],
        ["logs", `log-group:/aws/*/${own}`],
        ["logs", `log-group:/reelway/${own}`],
        ["scheduler", `schedule/default/${own}`],
        ["secretsmanager", `secret:${own}`],
        ["sns", own],
        ["sqs", own],
      ]
        .map(([service = "", resource = ""]) => arns.of(service, resource))
        .concat(`arn:aws:cloudwatch::${arns.account}:dashboard/${deployment.project}-${deployment.stage}`),
    },
    {
      Sid: "Apis",
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
      Sid: "Roles",
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
      Resource: arns.role(own),
    },
    {
      Sid: "HandOverRoles",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: arns.role(own),
      Condition: {
        StringEquals: {
          "iam:PassedToService": ["ecs-tasks", "events", "lambda", "scheduler", "vpc-flow-logs"].map(
            (service) => `${service}.amazonaws.com`,
          ),
        },
      },
    },
    {
      Sid: "LinkedRoles",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: Object.entries(linkedRoles).map(([service, role]) =>
        arns.role(`aws-service-role/${service}/${role}`),
      ),
      Condition: { StringEquals: { "iam:AWSServiceName": Object.keys(linkedRoles) } },
    },
    {
      // Reading stays: who applies compares the stack, too, that makes these two.
      Sid: "NotItself",
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
