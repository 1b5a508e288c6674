/**
 * Actions that know no resource, so a policy can only allow them on `*` (Service Authorization Reference, the column
 * "Resource types" of each service). Only what Reelway's roles use is listed.
 */
const actionsWithoutResource: readonly string[] = [
  "ecr:GetAuthorizationToken",
  "sts:GetCallerIdentity",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** Whether an action can be allowed on `*` alone. A pattern of actions cannot be told, and does not count. */
export const knowsNoResource = (action: string): boolean => actionsWithoutResource.includes(action);
