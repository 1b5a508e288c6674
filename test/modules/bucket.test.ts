import { expect } from "chai";
import * as z from "zod";
import { PrivateBucket } from "../../modules/bucket.ts";
import { ExistingBucket } from "../../modules/existing-bucket.ts";
import { LogBucket } from "../../modules/log-bucket.ts";
import { account, keyArn, statements, synthesizeStack } from "./synthesize-stack.ts";

const listRules = (lifecycle: Record<string, unknown>) =>
  z.array(z.looseObject({ id: z.string() })).parse(lifecycle.rule);

describe("PrivateBucket", () => {
  const synthesizeBucket = () =>
    synthesizeStack((stack) => {
      new PrivateBucket(stack, "films", {
        name: "films",
        keyArn,
        logBucket: "logs",
        noncurrentVersionExpirationDays: 7,
        glacierTransitionDays: 60,
        expirationDays: 400,
        eventBridgeEnabled: true,
      });
    });

  it("is encrypted with the given key and uses bucket keys", () => {
    expect(synthesizeBucket().one("aws_s3_bucket_server_side_encryption_configuration").rule).to.deep.equal([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: keyArn },
        bucket_key_enabled: true,
      },
    ]);
  });

  it("denies unencrypted connections", () => {
    expect(statements(synthesizeBucket().one("aws_s3_bucket_policy").policy)).to.deep.equal([
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::films", "arn:aws:s3:::films/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("expires incomplete uploads, noncurrent versions and old objects after their days", () => {
    expect(
      listRules(synthesizeBucket().one("aws_s3_bucket_lifecycle_configuration")).map(
        ({ filter, status, ...rule }) => rule,
      ),
    ).to.deep.equal([
      { id: "abort-multipart-uploads", abort_incomplete_multipart_upload: [{ days_after_initiation: 2 }] },
      { id: "noncurrent-versions", noncurrent_version_expiration: [{ noncurrent_days: 7 }] },
      { id: "glacier-transition", transition: [{ days: 60, storage_class: "GLACIER_IR" }] },
      { id: "expiration", expiration: [{ days: 400 }] },
    ]);
  });

  it("logs access under its own name and sends object events to EventBridge", () => {
    expect(synthesizeBucket().one("aws_s3_bucket_logging")).to.include({
      target_bucket: "logs",
      target_prefix: "films/",
    });
    expect(synthesizeBucket().one("aws_s3_bucket_notification").eventbridge).to.equal(true);
  });

  it("has no transitions, expirations or events by default", () => {
    const plain = synthesizeStack((stack) => {
      new PrivateBucket(stack, "films", { name: "films", noncurrentVersionExpirationDays: 30 });
    });

    expect(listRules(plain.one("aws_s3_bucket_lifecycle_configuration")).map(({ id }) => id)).to.deep.equal([
      "abort-multipart-uploads",
      "noncurrent-versions",
    ]);
    expect(plain.types).to.not.include.members(["aws_s3_bucket_logging"]);
    expect(plain.types).to.not.include.members(["aws_s3_bucket_notification"]);
  });
});

describe("LogBucket", () => {
  it("lets only S3 write, for the named sources of its own account", () => {
    const logs = synthesizeStack((stack) => {
      new LogBucket(stack, "logs", { name: "logs", sourceBuckets: ["in", "out"] });
    });

    expect(statements(logs.one("aws_s3_bucket_policy").policy)[1]).to.deep.equal({
      Sid: "AccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: ["arn:aws:s3:::logs/in/*", "arn:aws:s3:::logs/out/*"],
      Condition: {
        ArnLike: { "aws:SourceArn": ["arn:aws:s3:::in", "arn:aws:s3:::out"] },
        StringEquals: { "aws:SourceAccount": account },
      },
    });
    expect(logs.one("aws_s3_bucket_server_side_encryption_configuration").rule).to.deep.equal([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
    ]);
  });
});

describe("ExistingBucket", () => {
  it("changes only the EventBridge notification", () => {
    const synthesized = synthesizeStack((stack) => {
      new ExistingBucket(stack, "input", { name: "films" });
    });

    expect(synthesized.types).to.deep.equal(["aws_s3_bucket_notification"]);
    expect(synthesized.data).to.have.nested.property("aws_s3_bucket");
  });

  it("imports existing notifications and keeps them", () => {
    const synthesized = synthesizeStack((stack) => {
      new ExistingBucket(stack, "input", { name: "films" });
    });

    expect(synthesized.imports.map(({ id, to }) => [id, to.replace(/_[0-9A-F]+$/, "")])).to.deep.equal([
      ["films", "aws_s3_bucket_notification.input_events"],
    ]);
    expect(synthesized.one("aws_s3_bucket_notification")).to.deep.include({
      eventbridge: true,
      lifecycle: { ignore_changes: ["lambda_function", "queue", "topic"], prevent_destroy: true },
    });
  });
});
