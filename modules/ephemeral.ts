import type { TerraformStack } from "#cdktf";

/** Adds an ephemeral block, whose values are in neither state nor plan. Returns a function that references an attribute. */
export const addEphemeralBlock = (
  stack: TerraformStack,
  type: string,
  id: string,
  block: Readonly<Record<string, unknown>>,
) => {
  // CDKTF 0.21 has no type for ephemeral blocks (Terraform 1.10); they are plain JSON.
  stack.addOverride(`ephemeral.${type}.${id}`, block);
  return (attribute: string) => `\${ephemeral.${type}.${id}.${attribute}}`;
};

/** Returns the expression of a reference, to use it inside another expression. */
export const unwrapExpression = (reference: string): string => reference.slice(2, -1);
