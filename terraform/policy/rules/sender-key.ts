import { text } from "../block-values.ts";
import { readPolicy } from "../policies.ts";
import { type Rule, unless } from "../rule.ts";
import { sendersBy, sendingTypes } from "../senders.ts";

/** The key of a queue or topic lets the services use it that send there. */
export const senderKey: Rule = {
  id: "REELWAY_SENDER_KEY",
  what: "The key of a queue or topic lets the services use it that send there.",
  why: "A service that may not encrypt cannot send, and says so to nobody: an upload's event is gone.",
  appliesTo: sendingTypes,
  check: (block, estate) =>
    sendersBy(block, estate).flatMap(({ service, to }) => {
      const key = estate.find(to, text(to.body, "kms_master_key_id"), "aws_kms_key");
      if (key === undefined) return [];
      const policies = [key, ...estate.companions(key, "aws_kms_key_policy", "key_id")];
      return unless(
        policies.some((where) =>
          (readPolicy(where, text(where.body, "policy") ?? "", estate) ?? []).some(
            ({ allows, actions, principals }) =>
              allows &&
              principals.some(([, who]) => who === service) &&
              actions.some((action) => /^kms:(\*|GenerateDataKey\*?)$/.test(action)),
          ),
        ),
        `does not let ${service} use it, which sends to a ${to.type} that it encrypts`,
        "Allow the service kms:GenerateDataKey* and kms:Decrypt in the key's policy, for the account's resources.",
        key,
      );
    }),
};
