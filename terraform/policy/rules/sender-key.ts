import { getString } from "../block-values.ts";
import { readPolicy } from "../policy-checks.ts";
import { failUnless, type Rule } from "../rule.ts";
import { findSenders, senderTypes } from "../senders.ts";

/** The KMS key of a queue or topic allows the services that send to it. */
export const senderKey: Rule = {
  id: "REELWAY_SENDER_KEY",
  description: "The KMS key of a queue or topic allows the services that send to it.",
  rationale: "A service that cannot use the key fails silently, and an upload's event is lost.",
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
        `does not allow ${service}, which sends to a ${destination.type} encrypted with this key`,
        "Allow the service kms:GenerateDataKey* and kms:Decrypt in the key policy, for the account's resources.",
        key,
      );
    }),
};
