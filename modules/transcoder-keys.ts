import { Construct } from "constructs";
import { SecretsmanagerSecretVersion } from "#aws/secretsmanager-secret-version";
import { addEphemeralBlock, unwrapExpression } from "./ephemeral.ts";
import type { ServiceRole } from "./role.ts";
import { createSecret } from "./secret.ts";
import { StageStack } from "./stack.ts";

/** Length of a secret access key, characters. */
const secretLength = 40;

/** Renders a key for the transcoder API. Its id contains scope and version, so it is unique. */
const renderKey = (scope: "full" | "read", version: number, secret: string): string =>
  `{ accessKeyId = "REELWAY${scope.toUpperCase()}${String(version).padStart(6, "0")}", secretAccessKey = ${unwrapExpression(secret)}, scope = "${scope}" }`;

/** Properties of `TranscoderKeys`. */
export interface TranscoderKeysProps {
  /** Incrementing it creates new keys; the previous keys stay valid until the next increment. */
  readonly version: number;
}

/** The transcoder's keys of this or another stack. Creates no resource. */
export class TranscoderKeysReference extends Construct {
  /** Grants reading the keys of both scopes, to sign or to verify requests. */
  grantRead(role: ServiceRole): void {
    const { arns, names } = StageStack.of(this);
    role.addPermission({
      actions: ["secretsmanager:GetSecretValue"],
      resources: [arns.secret(names.transcoderKeys)],
    });
  }
}

/**
 * The transcoder's keys. Secrets Manager generates and stores them; they are never in a state or a plan. One secret holds
 * the keys of both scopes, another only that of scope `read`, for read-only credentials.
 */
export class TranscoderKeys extends TranscoderKeysReference {
  /** ARN of the secret with the keys of both scopes; resolved after they are written. */
  readonly keysSecretArn: string;
  /** ARN of the secret with the key of scope `read`; resolved after it is written. */
  readonly readKeySecretArn: string;

  constructor(scope: Construct, id: string, { version }: TranscoderKeysProps) {
    super(scope, id);
    const stack = StageStack.of(this);
    const { names } = stack;
    const addPassword = (keyScope: "full" | "read") =>
      addEphemeralBlock(stack, "aws_secretsmanager_random_password", `transcoder_${keyScope}_key`, {
        password_length: secretLength,
        exclude_punctuation: true,
      })("random_password");
    const full = renderKey("full", version, addPassword("full"));
    const read = renderKey("read", version, addPassword("read"));
    this.keysSecretArn = this.#addSecret(
      "keys",
      names.transcoderKeys,
      "Keys of the transcoder API",
      [full, read],
      version,
    );
    this.readKeySecretArn = this.#addSecret(
      "read-key",
      names.transcoderReadKey,
      "Read-only key of the transcoder API",
      [read],
      version,
    );
  }

  #addSecret(
    id: string,
    name: string,
    description: string,
    keys: readonly string[],
    version: number,
  ): string {
    const secret = createSecret(this, id, { name, description });
    return new SecretsmanagerSecretVersion(this, `${id}-value`, {
      secretId: secret.id,
      secretStringWo: `\${jsonencode({ keys = [${keys.join(", ")}] })}`,
      secretStringWoVersion: version,
    }).arn;
  }
}

/** Reads a key from its secret with an ephemeral resource, so that it is not stored. */
export const readTranscoderKey = (stack: StageStack, secret: string) => {
  const read = addEphemeralBlock(stack, "aws_secretsmanager_secret_version", "transcoder_keys", {
    secret_id: secret,
  });
  const key = `jsondecode(${unwrapExpression(read("secret_string"))}).keys[0]`;
  return { accessKeyId: `\${${key}.accessKeyId}`, secretAccessKey: `\${${key}.secretAccessKey}` };
};
