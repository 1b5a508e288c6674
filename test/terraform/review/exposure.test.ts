import { expect } from "chai";
import { toPlainText } from "../../../terraform/review/phrase.ts";
import { reviewPlan } from "../../../terraform/review/review.ts";
import { planDocument, type ResourceInput, resourceChange } from "./plans.ts";

const findDangers = (...changes: readonly ResourceInput[]): readonly string[] => {
  const { exposures, lostProtections } = reviewPlan(planDocument(changes.map(resourceChange)), {
    name: "dev",
  });
  return [...exposures, ...lostProtections].map(({ sentence }) => toPlainText(sentence));
};
const update = (
  type: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): ResourceInput => ({ type, actions: ["update"], before, after });
const closed = {
  bucket: "media",
  block_public_acls: true,
  block_public_policy: true,
  ignore_public_acls: true,
  restrict_public_buckets: true,
};

describe("exposures and lost protections", () => {
  it("reports ports open to the whole internet once", () => {
    const rule = { from_port: 22, to_port: 22, protocol: "tcp", cidr_blocks: ["10.0.0.0/8", "0.0.0.0/0"] };
    const open = { name: "g", ingress: [rule] };
    expect(findDangers(update("aws_security_group", { name: "g", ingress: [] }, open))).to.deep.equal([
      "The internet (0.0.0.0/0) can reach tcp port 22 in security group g",
    ]);
    expect(findDangers(update("aws_security_group", open, { ...open, tags: { a: "b" } }))).to.deep.equal([]);
    expect(
      findDangers({
        type: "aws_vpc_security_group_ingress_rule",
        actions: ["create"],
        after: { security_group_id: "sg-1", ip_protocol: "-1", cidr_ipv6: "::/0" },
      }),
    ).to.deep.equal(["The internet (::/0) can reach every port in security group sg-1"]);
  });

  it("ignores egress", () => {
    expect(
      findDangers({
        type: "aws_security_group_rule",
        actions: ["create"],
        after: { type: "egress", protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["0.0.0.0/0"] },
      }),
    ).to.deep.equal([]);
  });

  it("reports a loosened or removed public access block, unless its bucket is removed", () => {
    const type = "aws_s3_bucket_public_access_block";
    expect(findDangers(update(type, closed, { ...closed, block_public_policy: false }))).to.deep.equal([
      "The public access block of bucket media no longer has block_public_policy",
    ]);
    const deletion: ResourceInput = { type, actions: ["delete"], before: closed };
    expect(findDangers(deletion)).to.deep.equal(["The public access block of bucket media is deleted"]);
    expect(
      findDangers(deletion, { type: "aws_s3_bucket", actions: ["delete"], before: { bucket: "media" } }),
    ).to.deep.equal([]);
  });

  for (const [type, before, after, sentence] of [
    [
      "aws_s3_bucket_versioning",
      { bucket: "media", versioning_configuration: [{ status: "Enabled" }] },
      { bucket: "media", versioning_configuration: [{ status: "Suspended" }] },
      "Bucket media no longer has versioning: overwritten and deleted objects are lost",
    ],
    [
      "aws_dynamodb_table",
      { name: "jobs", deletion_protection_enabled: true },
      { name: "jobs", deletion_protection_enabled: false },
      "aws_dynamodb_table.one loses its deletion protection",
    ],
    [
      "aws_dynamodb_table",
      { name: "jobs", point_in_time_recovery: [{ enabled: true }] },
      { name: "jobs", point_in_time_recovery: [{ enabled: false }] },
      "Table jobs loses point-in-time recovery and the existing recovery points",
    ],
    [
      "aws_cloudwatch_log_group",
      { name: "l", retention_in_days: 0 },
      { name: "l", retention_in_days: 30 },
      "Events of log group l older than 30 days are deleted",
    ],
    [
      "aws_s3_bucket_lifecycle_configuration",
      { bucket: "media", rule: [] },
      {
        bucket: "media",
        rule: [{ id: "x", status: "Enabled", filter: [{ prefix: "in/" }], expiration: [{ days: 7 }] }],
      },
      "Objects of bucket media under in/ expire 7 days after their creation",
    ],
    [
      "aws_kms_key",
      { is_enabled: true, id: "k" },
      { is_enabled: false, id: "k" },
      "Key k is disabled: data encrypted with it cannot be read",
    ],
    [
      "aws_s3_bucket",
      { bucket: "media", force_destroy: false },
      { bucket: "media", force_destroy: true },
      "aws_s3_bucket.one can now be destroyed with all its contents",
    ],
  ] as const)
    it(`reports: ${sentence}; and not the reverse`, () => {
      expect(findDangers(update(type, before, after))).to.deep.equal([sentence]);
      expect(findDangers(update(type, after, before))).to.deep.equal([]);
    });
});
