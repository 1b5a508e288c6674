import { readPolicy } from "../policy-checks.ts";
import { failUnless, type Rule } from "../rule.ts";
import { findPolicies, findSenders, senderTypes } from "../senders.ts";

/** The policy of a queue or topic allows the services that send to it. */
export const senderPolicy: Rule = {
  id: "REELWAY_SENDER_POLICY",
  description: "The policy of a queue or topic allows the services that send to it.",
  rationale: "Without permission, a service silently drops the message, e.g. an upload's event or an alarm.",
  appliesTo: senderTypes,
  check: (block, graph) =>
    findSenders(block, graph).flatMap(({ service, destination }) => {
      const policies = findPolicies(destination, graph);
      const isAllowed = policies.some(([where, policy]) =>
        (readPolicy(where, policy, graph) ?? []).some(
          ({ isAllow, principals }) => isAllow && principals.some(([, who]) => who === service),
        ),
      );
      // A topic without a policy allows its own account, including alarms (SNS developer guide, "Access control").
      const isAllowedByDefault =
        destination.type === "aws_sns_topic" &&
        policies.length === 0 &&
        service === "cloudwatch.amazonaws.com";
      return failUnless(
        isAllowed || isAllowedByDefault,
        `does not allow ${service} to send`,
        "Allow the service in its policy, for the source resource and account.",
        destination,
      );
    }),
};
