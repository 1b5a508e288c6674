import { readPolicy } from "../policies.ts";
import { type Rule, unless } from "../rule.ts";
import { policiesOf, sendersBy, sendingTypes } from "../senders.ts";

/** A queue or topic lets the services in that send to it. */
export const senderPolicy: Rule = {
  id: "REELWAY_SENDER_POLICY",
  what: "A queue or topic lets the services in that send to it.",
  why: "What a service may not send is gone without a word: an upload's event, or the message that it was lost.",
  appliesTo: sendingTypes,
  check: (block, estate) =>
    sendersBy(block, estate).flatMap(({ service, to }) => {
      const policies = policiesOf(to, estate);
      const isLetIn = policies.some(([where, policy]) =>
        (readPolicy(where, policy, estate) ?? []).some(
          ({ allows, principals }) => allows && principals.some(([, who]) => who === service),
        ),
      );
      // A topic without a policy lets its own account in, alarms among it (SNS developer guide, "Access control").
      const byDefault =
        to.type === "aws_sns_topic" && policies.length === 0 && service === "cloudwatch.amazonaws.com";
      return unless(
        isLetIn || byDefault,
        `does not let ${service} send`,
        "Allow the service in its policy, for that resource and account.",
        to,
      );
    }),
};
