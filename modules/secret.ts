import type { Construct } from "constructs";
import { SecretsmanagerSecret } from "#aws/secretsmanager-secret";
import { StageStack } from "./stack.ts";

/**
 * Creates a secret of the stage, encrypted with its key. Secrets Manager keeps the name of a deleted secret for the recovery
 * window, in which no secret of this name can be created. `reelway destroy` removes the protection first, and with it the
 * window, so that the stage can be deployed again at once.
 */
export const createSecret = (
  scope: Construct,
  id: string,
  { name, description }: { readonly name: string; readonly description: string },
): SecretsmanagerSecret => {
  const { isProtected, keyArn } = StageStack.of(scope);
  return new SecretsmanagerSecret(scope, id, {
    name,
    description,
    kmsKeyId: keyArn,
    recoveryWindowInDays: isProtected ? 7 : 0,
    lifecycle: { preventDestroy: isProtected },
  });
};
