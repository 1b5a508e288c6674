import * as z from "zod";

/**
 * Resources that the AWS provider refreshes by reading a secret's value, even a write-only one. Read-only credentials
 * cannot read it, so the refresh would fail.
 */
const secretTypes = ["aws_secretsmanager_secret_version"];

const stackSchema = z.looseObject({ resource: z.record(z.string(), z.unknown()).default({}) });

/** Whether a refresh of a stack reads the value of a secret. @param document `cdk.tf.json` of the stack */
export const hasSecretValues = (document: unknown): boolean =>
  Object.keys(stackSchema.parse(document).resource).some((type) => secretTypes.includes(type));

/** Returns the addresses of the resources whose refresh reads no secret value. */
export const excludeSecretValues = (
  resources: readonly { readonly address: string; readonly type: string }[],
): readonly string[] =>
  resources.filter(({ type }) => !secretTypes.includes(type)).map(({ address }) => address);
