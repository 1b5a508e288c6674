import { getString } from "../block-values.ts";
import { readPolicy } from "../policy-checks.ts";
import type { Block, ResourceGraph } from "../resource-graph.ts";
import { failUnless, type Rule } from "../rule.ts";
import type { Statement } from "../statements.ts";

const isTlsOnlyStatement = (
  statement: Statement,
  policy: Block,
  bucket: Block,
  graph: ResourceGraph,
): boolean => {
  const hasResource = (isObjects: boolean) =>
    statement.resources.some(
      (resource) =>
        resource.endsWith("/*") === isObjects &&
        graph.isReferenceTo(policy, resource.replace(/\/\*$/, ""), bucket),
    );
  return (
    !statement.isAllow &&
    statement.actions.some((action) => action === "s3:*" || action === "*") &&
    statement.principals.some(([, who]) => who === "*") &&
    statement.conditions.length === 1 &&
    statement.conditions.every(
      ({ operator, key, values }) =>
        /^Bool(IfExists)?$/.test(operator) &&
        key.toLowerCase() === "aws:securetransport" &&
        values.every((value) => value === "false"),
    ) &&
    hasResource(false) &&
    hasResource(true)
  );
};

/** Buckets deny requests without TLS. */
export const tlsOnly: Rule = {
  id: "S3.5",
  description: "Buckets deny requests without TLS.",
  rationale: "Otherwise media and signed URLs can cross the network unencrypted.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, graph) =>
    failUnless(
      graph
        .relatedTo(bucket, "aws_s3_bucket_policy", "bucket")
        .some((policy) =>
          (readPolicy(policy, getString(policy.body, "policy") ?? "", graph) ?? []).some((statement) =>
            isTlsOnlyStatement(statement, policy, bucket, graph),
          ),
        ),
      "has no policy that denies s3:* without TLS on the bucket and its objects",
      'Add a statement with Effect Deny, Principal *, Action s3:*, both ARNs and Bool aws:SecureTransport "false".',
    ),
};
