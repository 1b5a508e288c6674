/** A rule that does not hold for some resources, and why that is right. */
export interface Waiver {
  /** Id of the rule. */
  readonly rule: string;
  /** Stack and address, e.g. `*-storage/aws_s3_bucket.logs_*`; `*` stands for anything. */
  readonly address: string;
  readonly reason: string;
  /** The parts of the block it is for, e.g. the actions of a policy. @default all */
  readonly parts?: readonly string[];
  /** The option of `reelway.config.ts` without which there is nothing to waive. */
  readonly option?: string;
}

/** Descriptions that Terraform reads to plan: no object, record, message or secret is in them. */
const describeActions = [
  "apigateway:GET",
  "cloudwatch:DescribeAlarms",
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
  "kms:DescribeKey",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListResourceTags",
  "lambda:GetEventSourceMapping",
  "lambda:GetFunction*",
  "lambda:GetPolicy",
  "lambda:List*",
  "logs:Describe*",
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

/** Makes, changes and unmakes what AWS itself gives an id. */
const actionsWithoutArn = [
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
  "lambda:*EventSourceMapping",
];

/** Every exception there is. One that matches nothing is an error itself. */
export const waivers: readonly Waiver[] = [
  {
    rule: "CKV_AWS_145",
    address: "*/aws_s3_bucket.logs_bucket_*",
    reason:
      "S3 delivers access logs to a bucket only if its default encryption is S3's own (S3 user guide, Enabling server access logging).",
  },
  {
    rule: "CKV_AWS_18",
    address: "*/aws_s3_bucket.logs_bucket_*",
    reason: "It holds the access logs; each log of its own use would be another object to log, without end.",
  },
  {
    rule: "CKV_AWS_309",
    address: "*-transcoder/aws_apigatewayv2_route.http_route_*",
    reason:
      "Clients of Elastic Transcoder sign with the transcoder's own keys, which API Gateway does not know; the function checks every signature before it does anything (pipeline/elastic-transcoder/api/signature.ts).",
  },
  {
    rule: "CKV_AWS_355",
    address: "*-state/aws_iam_policy.boundary_*",
    reason:
      "A boundary grants nothing: it bounds what the roles' own policies grant, and those name resources.",
  },
  {
    rule: "AWS-0342",
    address: "*-state/aws_iam_policy.boundary_*",
    reason:
      "A boundary grants nothing: the roles' own policies name the roles they pass, and to which service.",
  },
  {
    rule: "CKV_AWS_355",
    address: "*-state/aws_iam_role_policy.github_*",
    parts: describeActions,
    reason:
      "Terraform describes what it is to plan, things that AWS named among it; the statement is bound to the stage's region and shows no object, record, message or secret.",
    option: "github",
  },
  {
    rule: "CKV_AWS_355",
    address: "*-state/aws_iam_role_policy.github_apply-*",
    parts: actionsWithoutArn,
    reason:
      "AWS gives these their ids, so there is no ARN before they are made; the statement is bound to the stage's region, and the role to jobs of the stage's environment.",
    option: "github",
  },
  {
    rule: "AWS-0342",
    address: "*-state/aws_iam_role_policy.github_apply-*",
    reason:
      "It makes the stage's roles, under the boundary, and hands them to services that are named; it may neither change nor pass the roles of the workflows themselves.",
    option: "github",
  },
  {
    rule: "CKV_AWS_333",
    address: "*-routing/aws_cloudwatch_event_target.route-*",
    parts: ["public network"],
    reason:
      "In public subnets an address is the way to AWS that costs nothing by the hour; the security group lets nobody in, and out by TLS alone.",
    option: 'network: "public"',
  },
  {
    rule: "CKV_AWS_115",
    address: "*/aws_lambda_function.*",
    parts: ["-1"],
    reason:
      "A young account has a concurrency of ten in all, none of which AWS lets anybody reserve; the queues' MaximumConcurrency still bounds those that take uploads.",
    option: "reservedConcurrency: false",
  },
];
