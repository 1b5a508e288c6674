import { readPolicy } from "../policy-checks.ts";
import { failUnless, type Rule } from "../rule.ts";
import { findPolicies, findSenders, senderTypes } from "../senders.ts";

/** A queue or topic lets the services in that send to it. */
export const senderPolicy: Rule = {
  id: "REELWAY_SENDER_POLICY",
  description: "A queue or topic lets the services in that send to it.",
  rationale:
    "What a service may not send is gone without a word: an upload's event, or the message that it was lost.",
  appliesTo: senderTypes,
  check: (block, graph) =>
    findSenders(block, graph).flatMap(({ service, destination }) => {
      const policies = findPolicies(destination, graph);
      const isAllowed = policies.some(([where, policy]) =>
        (readPolicy(where, policy, graph) ?? []).some(
          ({ isAllow, principals }) => isAllow && principals.some(([, who]) => who === service),
        ),
      );
      // A topic without a policy lets its own account in, alarms among it (SNS developer guide, "Access control").
      const isAllowedByDefault =
        destination.type === "aws_sns_topic" &&
        policies.length === 0 &&
        service === "cloudwatch.amazonaws.com";
      return failUnless(
        isAllowed || isAllowedByDefault,
        `does not let ${service} send`,
        "Allow the service in its policy, for that resource and account.",
        destination,
      );
    }),
};
