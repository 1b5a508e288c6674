import type { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

/**
 * Grants the use of the keys that encrypt existing buckets (`mediaKmsKeyArns`): to read objects, also their metadata, or to
 * write them too. Multipart uploads need both.
 */
export const grantMediaKeys = (role: ServiceRole, access: "read" | "write"): void => {
  const { mediaKmsKeyArns } = StageStack.of(role).deployment;
  if (mediaKmsKeyArns.length > 0)
    role.addPermission({
      actions: ["kms:Decrypt", ...(access === "write" ? ["kms:GenerateDataKey"] : [])],
      resources: mediaKmsKeyArns,
    });
};
