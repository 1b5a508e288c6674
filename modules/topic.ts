import { Construct } from "constructs";
import { SnsTopic } from "#aws/sns-topic";
import { SnsTopicPolicy } from "#aws/sns-topic-policy";
import { denyInsecureTransport, renderPolicyDocument } from "./policy-document.ts";
import type { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

/** Properties of `Topic`. */
export interface TopicProps {
  /** A change REPLACES the topic and deletes its subscriptions. */
  readonly name: string;
  /** Services that publish for the account's resources, e.g. `cloudwatch.amazonaws.com`. @default none */
  readonly publisherServices?: readonly string[];
}

/** An encrypted topic that requires TLS. Roles of the account and the listed services can publish. */
export class Topic extends Construct {
  /** ARN of the topic; resolved after it is created. */
  readonly arn: string;
  #name: string;

  constructor(scope: Construct, id: string, { name, publisherServices = [] }: TopicProps) {
    super(scope, id);
    const { arns, keyArn } = StageStack.of(this);
    const topic = new SnsTopic(this, "topic", { name, kmsMasterKeyId: keyArn });
    new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: renderPolicyDocument([
        denyInsecureTransport("sns:Publish", topic.arn),
        {
          Sid: "Account",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${arns.account}:root` },
          Action: ["sns:Publish", "sns:Subscribe", "sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic"],
          Resource: topic.arn,
        },
        ...(publisherServices.length === 0
          ? []
          : [
              {
                Sid: "Services",
                Effect: "Allow" as const,
                Principal: { Service: publisherServices },
                Action: "sns:Publish",
                Resource: topic.arn,
                Condition: { StringEquals: { "aws:SourceAccount": arns.account } },
              },
            ]),
      ]),
    });
    this.arn = topic.arn;
    this.#name = name;
  }

  /** Grants publishing. */
  grantPublish(role: ServiceRole): void {
    role.addPermission({
      actions: ["sns:Publish"],
      resources: [StageStack.of(this).arns.of("sns", this.#name)],
    });
  }
}
