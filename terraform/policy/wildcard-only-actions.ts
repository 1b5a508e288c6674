/**
 * Actions without resource-level permissions, which a policy can allow on `*` only (Service Authorization Reference, column
 * "Resource types"). Only actions that Reelway's roles use are listed.
 */
const wildcardOnlyActions: readonly string[] = [
  "cloudfront:*KeyGroup",
  "cloudfront:*PublicKey",
  "cloudfront:CreateOriginAccessControl",
  "cloudfront:GetKeyGroup",
  "cloudfront:GetPublicKey",
  "cognito-idp:CreateUserPool",
  "cognito-idp:DescribeUserPoolDomain",
  // Most of them; the exceptions would have to be listed individually.
  "ec2:Describe*",
  "ecr:GetAuthorizationToken",
  "ecs:DescribeTaskDefinition",
  "kms:CreateKey",
  "kms:ListAliases",
  "lambda:CreateEventSourceMapping",
  "lambda:GetAccountSettings",
  "lambda:ListEventSourceMappings",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  // They get the image in the request and access no resource.
  "rekognition:DetectLabels",
  "rekognition:RecognizeCelebrities",
  "secretsmanager:GetRandomPassword",
  "servicequotas:GetAWSDefaultServiceQuota",
  "servicequotas:GetServiceQuota",
  "sns:SetSubscriptionAttributes",
  "sns:Unsubscribe",
  "ssm:DescribeParameters",
  "sts:GetCallerIdentity",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** Whether an action can only be allowed on `*`. */
export const isWildcardOnly = (action: string): boolean => wildcardOnlyActions.includes(action);
