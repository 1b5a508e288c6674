import { Construct } from "constructs";
import { SecretsmanagerSecret } from "#aws/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "#aws/secretsmanager-secret-version";
import type { TerraformStack } from "#cdktf";
import type { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

/** Characters of a key's secret. */
const secretLength = 40;

const addEphemeralBlock = (
  stack: TerraformStack,
  type: string,
  id: string,
  block: Readonly<Record<string, unknown>>,
) => {
  // CDKTF 0.21 has no type for ephemeral blocks (Terraform 1.10); they are plain JSON.
  stack.addOverride(`ephemeral.${type}.${id}`, block);
  return (attribute: string) => `\${ephemeral.${type}.${id}.${attribute}}`;
};

const unwrapExpression = (reference: string): string => reference.slice(2, -1);

/** A key as the transcoder's API reads it; its id says scope and version, so that no two are the same. */
const renderKey = (scope: "full" | "read", version: number, secret: string): string =>
  `{ accessKeyId = "REELWAY${scope.toUpperCase()}${String(version).padStart(6, "0")}", secretAccessKey = ${unwrapExpression(secret)}, scope = "${scope}" }`;

export interface TranscoderKeysProps {
  /** Raising it makes new keys; the ones before stay valid beside them until it is raised again. */
  readonly version: number;
}

/** The transcoder's keys of this stack or another. Creates no resource. */
export class TranscoderKeysReference extends Construct {
  /** Reads the keys of both scopes, to call the API or to verify its callers. */
  grantRead(role: ServiceRole): void {
    const { arns, names } = StageStack.of(this);
    role.addPermission({
      actions: ["secretsmanager:GetSecretValue"],
      resources: [arns.secret(names.transcoderKeys)],
    });
  }
}

/**
 * The transcoder's keys, made by Secrets Manager and written to it, never to a state or a plan: one secret with the
 * keys of both scopes, and one with that of scope `read` alone, for those who may only look.
 */
export class TranscoderKeys extends TranscoderKeysReference {
  /** ARN of the secret with the keys of both scopes, known once it holds them. */
  readonly keysSecretArn: string;
  /** ARN of the secret with the key of scope `read`, known once it holds it. */
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
      "Keys of the transcoder's API, current",
      [full, read],
      version,
    );
    this.readKeySecretArn = this.#addSecret(
      "read-key",
      names.transcoderReadKey,
      "Key of the transcoder's API that only reads",
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
    const { isProtected, keyArn } = StageStack.of(this);
    const secret = new SecretsmanagerSecret(this, id, {
      name,
      description,
      kmsKeyId: keyArn,
      recoveryWindowInDays: 7,
      lifecycle: { preventDestroy: isProtected },
    });
    return new SecretsmanagerSecretVersion(this, `${id}-value`, {
      secretId: secret.id,
      secretStringWo: `\${jsonencode({ keys = [${keys.join(", ")}] })}`,
      secretStringWoVersion: version,
    }).arn;
  }
}

/** Reads the keys from their secret while Terraform runs, and leaves them nowhere; an object `{accessKeyId, secretAccessKey}`. */
export const readTranscoderKey = (stack: StageStack, secret: string) => {
  const read = addEphemeralBlock(stack, "aws_secretsmanager_secret_version", "transcoder_keys", {
    secret_id: secret,
  });
  const key = `jsondecode(${unwrapExpression(read("secret_string"))}).keys[0]`;
  return { accessKeyId: `\${${key}.accessKeyId}`, secretAccessKey: `\${${key}.secretAccessKey}` };
};
