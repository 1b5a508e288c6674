import { Construct } from "constructs";
import type { SecretsmanagerSecret } from "#aws/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "#aws/secretsmanager-secret-version";
import { addEphemeralBlock, unwrapExpression } from "./ephemeral.ts";
import type { ServiceRole } from "./role.ts";
import { createSecret } from "./secret.ts";
import { StageStack } from "./stack.ts";

/** Length of a key in base64url, characters: 32 bytes. */
const keyLength = 43;

/**
 * The secrets of the HTTP API: one with its keys, which Secrets Manager generates, which are never in a state or a plan
 * and of which `reelway users rotate-key` replaces one, one with its users and tokens, which only `reelway users` and `reelway tokens` write, and one with the private
 * playback keys, which only `reelway playback-keys` writes.
 */
export class ApiSecrets extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = StageStack.of(this);
    const { names } = stack;
    const addKey = (name: string): string => {
      const password = addEphemeralBlock(stack, "aws_secretsmanager_random_password", `api_${name}`, {
        password_length: keyLength,
        exclude_punctuation: true,
      });
      return unwrapExpression(password("random_password"));
    };
    const keys = this.#addSecret("keys", names.api, "Keys of the HTTP API");
    new SecretsmanagerSecretVersion(this, "keys-value", {
      secretId: keys.id,
      secretStringWo: `\${jsonencode({ sessionKey = ${addKey("session_key")}, responseKey = ${addKey("response_key")} })}`,
      secretStringWoVersion: 1,
      // `reelway users rotate-key` writes further versions. Secrets Manager may delete a version that has no label, and
      // Terraform would then replace all keys, also the one that never changes.
      versionStages: ["AWSCURRENT", "REELWAY_TERRAFORM"],
      lifecycle: { ignoreChanges: ["version_stages"] },
    });
    this.#addSecret("accounts", names.accounts, "Users and tokens of the HTTP API");
    this.#addSecret("playback-keys", names.playbackKeys, "Private keys of playback");
  }

  /** Grants reading all secrets. */
  grantRead(role: ServiceRole): void {
    const { arns, names } = StageStack.of(this);
    role.addPermission({
      actions: ["secretsmanager:GetSecretValue"],
      resources: [names.api, names.accounts, names.playbackKeys].map(arns.secret),
    });
  }

  #addSecret(id: string, name: string, description: string): SecretsmanagerSecret {
    return createSecret(this, id, { name, description });
  }
}
