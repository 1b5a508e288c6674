import { text } from "./block-values.ts";

/**
 * Whether a field names a KMS key of the account's own. AWS's keys (`alias/aws/…`) have a policy nobody can change, so
 * neither another account nor a service such as EventBridge or CloudWatch can be let in, or shut out, through them.
 */
export const hasCustomerKey = (from: unknown, ...path: readonly string[]): boolean => {
  const key = text(from, ...path);
  return key !== undefined && !/(^|[:/])alias\/aws\//.test(key);
};
