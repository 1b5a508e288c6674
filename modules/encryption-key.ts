import { Construct } from "constructs";
import { KmsAlias } from "#aws/kms-alias";
import { KmsKey } from "#aws/kms-key";
import { renderPolicyDocument, type Statement } from "./policy-document.ts";
import { StageStack } from "./stack.ts";

/** A service principal that may use the key. */
export interface KeyServiceGrant {
  /** E.g. `sns.amazonaws.com`. */
  readonly service: string;
  /** ARN or ARN pattern of the source resource. @default any resource of the account */
  readonly sourceArn?: string;
  /** @default reading and writing encrypted data */
  readonly actions?: readonly string[];
}

/** Properties of `EncryptionKey`. */
export interface EncryptionKeyProps {
  /** Name of the alias, without `alias/`. */
  readonly name: string;
  readonly description: string;
  /** Services that may use the key. If there is one, CloudWatch Logs may use it too. @default none */
  readonly serviceGrants?: readonly KeyServiceGrant[];
}

/** A KMS key with yearly rotation, whose policy delegates access to the account's IAM policies. */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, description, serviceGrants = [] }: EncryptionKeyProps) {
    super(scope, id);
    const { arns, deployment, isProtected } = StageStack.of(this);
    const logsService = `logs.${deployment.region}.amazonaws.com`;
    const key = new KmsKey(this, "key", {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      lifecycle: { preventDestroy: isProtected },
      policy: renderPolicyDocument([
        {
          Sid: "Account",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${arns.account}:root` },
          Action: "kms:*",
          Resource: "*",
        },
        ...serviceGrants.map(
          ({ service, sourceArn, actions = ["kms:Decrypt", "kms:GenerateDataKey*"] }, index): Statement => ({
            Sid: `Service${index}`,
            Effect: "Allow",
            Principal: { Service: service },
            Action: actions,
            Resource: "*",
            Condition:
              sourceArn === undefined
                ? { StringEquals: { "aws:SourceAccount": arns.account } }
                : { ArnLike: { "aws:SourceArn": sourceArn } },
          }),
        ),
        ...(serviceGrants.length === 0
          ? []
          : [
              {
                Sid: "Logs",
                Effect: "Allow" as const,
                Principal: { Service: logsService },
                Action: [
                  "kms:Encrypt*",
                  "kms:Decrypt*",
                  "kms:ReEncrypt*",
                  "kms:GenerateDataKey*",
                  "kms:Describe*",
                ],
                Resource: "*",
                Condition: {
                  ArnLike: { "kms:EncryptionContext:aws:logs:arn": arns.of("logs", "log-group:*") },
                },
              },
            ]),
      ]),
    });
    new KmsAlias(this, "alias", { name: `alias/${name}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
