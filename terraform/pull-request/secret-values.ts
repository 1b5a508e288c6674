import * as z from "zod";

/**
 * Resources that the AWS provider refreshes by reading a secret's value, also where that was write-only. Whoever only
 * reads may not read it, and would be told no more than that.
 */
const secretTypes = ["aws_secretsmanager_secret_version"];

const stackSchema = z.looseObject({ resource: z.record(z.string(), z.unknown()).default({}) });

/** Whether refreshing a stack, given as `cdk.tf.json` has it, reads the value of a secret. */
export const hasSecretValues = (document: unknown): boolean =>
  Object.keys(stackSchema.parse(document).resource).some((type) => secretTypes.includes(type));

/** The addresses of those resources that are refreshed without reading a secret's value. */
export const excludeSecretValues = (
  resources: readonly { readonly address: string; readonly type: string }[],
): readonly string[] =>
  resources.filter(({ type }) => !secretTypes.includes(type)).map(({ address }) => address);
