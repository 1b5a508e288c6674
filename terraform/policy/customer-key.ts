import { getString } from "./block-values.ts";

/**
 * Whether a field names a KMS key of the account's own. AWS's keys (`alias/aws/…`) have a policy nobody can change, so
 * neither another account nor a service such as EventBridge or CloudWatch can be let in, or shut out, through them.
 */
export const hasCustomerKey = (body: unknown, ...path: readonly string[]): boolean => {
  const key = getString(body, ...path);
  return key !== undefined && !/(^|[:/])alias\/aws\//.test(key);
};
