import { getString } from "./block-values.ts";

/**
 * Whether a field names a customer managed KMS key. The policies of AWS managed keys (`alias/aws/…`) cannot be changed, so
 * they cannot grant or deny access to other accounts or to services such as EventBridge.
 */
export const hasCustomerKey = (body: unknown, ...path: readonly string[]): boolean => {
  const key = getString(body, ...path);
  return key !== undefined && !/(^|[:/])alias\/aws\//.test(key);
};
