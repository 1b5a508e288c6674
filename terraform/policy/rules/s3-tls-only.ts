import { text } from "../block-values.ts";
import type { Block, Estate } from "../estate.ts";
import { readPolicy } from "../policies.ts";
import { type Rule, unless } from "../rule.ts";
import type { Statement } from "../statements.ts";

const deniesPlainHttp = (statement: Statement, policy: Block, bucket: Block, estate: Estate): boolean => {
  const covers = (isObjects: boolean) =>
    statement.resources.some(
      (resource) =>
        resource.endsWith("/*") === isObjects && estate.refers(policy, resource.replace(/\/\*$/, ""), bucket),
    );
  return (
    !statement.allows &&
    statement.actions.some((action) => action === "s3:*" || action === "*") &&
    statement.principals.some(([, who]) => who === "*") &&
    statement.conditions.length === 1 &&
    statement.conditions.every(
      ({ operator, key, values }) =>
        /^Bool(IfExists)?$/.test(operator) &&
        key.toLowerCase() === "aws:securetransport" &&
        values.every((value) => value === "false"),
    ) &&
    covers(false) &&
    covers(true)
  );
};

/** A bucket refuses every request that does not come over TLS. */
export const tlsOnly: Rule = {
  id: "S3.5",
  what: "A bucket refuses every request that does not come over TLS.",
  why: "Media and signed URLs would cross the network in the clear.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, estate) =>
    unless(
      estate
        .companions(bucket, "aws_s3_bucket_policy", "bucket")
        .some((policy) =>
          (readPolicy(policy, text(policy.body, "policy") ?? "", estate) ?? []).some((statement) =>
            deniesPlainHttp(statement, policy, bucket, estate),
          ),
        ),
      "has no policy that denies s3:* without TLS on the bucket and its objects",
      'Add a statement with Effect Deny, Principal *, Action s3:*, both ARNs and Bool aws:SecureTransport "false".',
    ),
};
