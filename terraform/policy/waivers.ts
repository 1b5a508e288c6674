/** An exception from a rule for some resources, with its reason. */
export interface Waiver {
  /** Id of the rule. */
  readonly rule: string;
  /** Stack and address, e.g. `*-storage/aws_s3_bucket.logs_*`; `*` matches any text. */
  readonly address: string;
  readonly reason: string;
  /** Parts of the block, e.g. actions of a policy. @default all */
  readonly parts?: readonly string[];
  /** Option of `reelway.config.ts` that makes the waiver necessary; without it an unused waiver is no error. */
  readonly option?: string;
}

/** Actions that Terraform needs for a plan. They return no object, record, message or secret. */
const describeActions = [
  // Names of alarms.
  "cloudwatch:DescribeAlarms",
  // Limited to the stage's functions by a condition.
  "lambda:GetEventSourceMapping",
  // Names of log groups.
  "logs:Describe*",
];

/** Actions on resources with ids assigned by AWS. */
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

/** All waivers. An unused waiver is an error. */
export const waivers: readonly Waiver[] = [
  {
    rule: "CKV_AWS_145",
    address: "*/aws_s3_bucket.logs_bucket_*",
    reason:
      "S3 delivers access logs only to a bucket with SSE-S3 as default encryption (S3 user guide, Enabling server access logging).",
  },
  {
    rule: "CKV_AWS_18",
    address: "*/aws_s3_bucket.logs_bucket_*",
    reason: "It holds the access logs; logging its own access would create logs endlessly.",
  },
  {
    rule: "CKV_AWS_309",
    address: "*-transcoder/aws_apigatewayv2_route.http_route_*",
    reason:
      "Clients sign with the transcoder's own keys, which API Gateway cannot verify; the function verifies every signature first (pipeline/elastic-transcoder/api/signature.ts).",
  },
  {
    rule: "CKV_AWS_309",
    address: "*-api/aws_apigatewayv2_route.http_route_*",
    reason:
      "An authorizer of API Gateway reads no cookie; the function verifies the session or the bearer token of every request first (lambdas/api/authentication.ts).",
  },
  {
    rule: "CKV_AWS_355",
    address: "*-state/aws_iam_policy.boundary_*",
    reason: "A permissions boundary grants nothing; the roles' policies name resources.",
  },
  {
    rule: "AWS-0342",
    address: "*-state/aws_iam_policy.boundary_*",
    reason:
      "A permissions boundary grants nothing; the roles' policies name the roles that they pass, and the services.",
  },
  {
    rule: "CKV_AWS_355",
    address: "*-state/aws_iam_*policy.github_*",
    parts: describeActions,
    reason:
      "A plan describes resources whose ids AWS assigns; the statement is limited to the stage's region and returns no object, record, message or secret.",
    option: "github",
  },
  {
    rule: "CKV_AWS_355",
    address: "*-state/aws_iam_role_policy.github_apply-*",
    parts: actionsWithoutArn,
    reason:
      "AWS assigns the ids, so the ARNs are unknown before creation; the statement is limited to the stage's region, and the role to jobs of the stage's environment.",
    option: "github",
  },
  {
    rule: "AWS-0342",
    address: "*-state/aws_iam_role_policy.github_apply-*",
    reason:
      "It creates the stage's roles with the permissions boundary and passes them to named services; it cannot change or pass the roles of the workflows.",
    option: "github",
  },
  {
    rule: "CKV_AWS_333",
    address: "*-routing/aws_cloudwatch_event_target.route-*",
    parts: ["public network"],
    reason:
      "In public subnets, a public IP address avoids the hourly cost of endpoints; the security group allows no inbound traffic and outbound TLS only.",
    option: 'network: "public"',
  },
  {
    rule: "CKV_AWS_174",
    address: "*-site/aws_cloudfront_distribution.*",
    parts: ["default certificate"],
    reason:
      "CloudFront's own certificate supports no other security policy; a custom domain requires TLS 1.2 (site.domainName).",
    option: "no site.domainName",
  },
  {
    rule: "CKV_AWS_115",
    address: "*/aws_lambda_function.*",
    parts: ["-1"],
    reason:
      "A new account has a concurrency of ten, which cannot be reserved; MaximumConcurrency of the queues still limits the functions that process uploads.",
    option: "reserveConcurrency: false",
  },
];
