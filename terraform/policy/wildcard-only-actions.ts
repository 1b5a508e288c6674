/**
 * Actions that know no resource, so a policy can only allow them on `*` (Service Authorization Reference, the column
 * "Resource types" of each service). Only what Reelway's roles use is listed.
 */
const wildcardOnlyActions: readonly string[] = [
  // All but a few of EC2's, which then would have to be named one by one.
  "ec2:Describe*",
  "ecr:GetAuthorizationToken",
  "ecs:DeregisterTaskDefinition",
  "ecs:DescribeTaskDefinition",
  "kms:CreateKey",
  "kms:ListAliases",
  "lambda:CreateEventSourceMapping",
  "lambda:ListEventSourceMappings",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  "secretsmanager:GetRandomPassword",
  "sns:SetSubscriptionAttributes",
  "sns:Unsubscribe",
  "sts:GetCallerIdentity",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** Whether an action can be allowed on `*` alone. */
export const isWildcardOnly = (action: string): boolean => wildcardOnlyActions.includes(action);
