import { Construct } from "constructs";
import { DataAwsSecretsmanagerSecretVersion } from "#aws/data-aws-secretsmanager-secret-version";
import { SecretsmanagerSecretVersion } from "#aws/secretsmanager-secret-version";
import { addEphemeralBlock } from "./ephemeral.ts";
import { createSecret } from "./secret.ts";
import { StageStack } from "./stack.ts";

/**
 * The secret that CloudFront sends to the API, so that the API can reject requests past CloudFront. Secrets Manager
 * generates it. CloudFront has no write-only argument for a header, so the value is in the state of the stack. It gives no
 * access to data: the API authenticates every request.
 */
export class OriginSecret extends Construct {
  readonly arn: string;
  /** The value; sensitive. */
  readonly value: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = StageStack.of(this);
    const password = addEphemeralBlock(stack, "aws_secretsmanager_random_password", "origin_secret", {
      password_length: 40,
      exclude_punctuation: true,
    });
    const secret = createSecret(this, "secret", {
      name: stack.names.originSecret,
      description: "Header that CloudFront sends to the API",
    });
    const version = new SecretsmanagerSecretVersion(this, "value", {
      secretId: secret.id,
      secretStringWo: password("random_password"),
      secretStringWoVersion: 1,
    });
    this.arn = secret.arn;
    this.value = new DataAwsSecretsmanagerSecretVersion(this, "current", {
      secretId: secret.id,
      versionId: version.versionId,
    }).secretString;
  }
}
