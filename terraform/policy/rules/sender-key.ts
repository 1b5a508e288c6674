import { getString } from "../block-values.ts";
import { readPolicy } from "../policy-checks.ts";
import { failUnless, type Rule } from "../rule.ts";
import { findSenders, senderTypes } from "../senders.ts";

/** The key of a queue or topic lets the services use it that send there. */
export const senderKey: Rule = {
  id: "REELWAY_SENDER_KEY",
  description: "The key of a queue or topic lets the services use it that send there.",
  rationale: "A service that may not encrypt cannot send, and says so to nobody: an upload's event is gone.",
  appliesTo: senderTypes,
  check: (block, graph) =>
    findSenders(block, graph).flatMap(({ service, destination }) => {
      const key = graph.find(destination, getString(destination.body, "kms_master_key_id"), "aws_kms_key");
      if (key === undefined) return [];
      const policies = [key, ...graph.relatedTo(key, "aws_kms_key_policy", "key_id")];
      return failUnless(
        policies.some((where) =>
          (readPolicy(where, getString(where.body, "policy") ?? "", graph) ?? []).some(
            ({ isAllow, actions, principals }) =>
              isAllow &&
              principals.some(([, who]) => who === service) &&
              actions.some((action) => /^kms:(\*|GenerateDataKey\*?)$/.test(action)),
          ),
        ),
        `does not let ${service} use it, which sends to a ${destination.type} that it encrypts`,
        "Allow the service kms:GenerateDataKey* and kms:Decrypt in the key's policy, for the account's resources.",
        key,
      );
    }),
};
