import { expect } from "chai";
import * as z from "zod";
import { EncryptionKey, type KeyServiceGrant } from "../../modules/encryption-key.ts";
import { ImageRepository } from "../../modules/image-repository.ts";
import { RecordTable } from "../../modules/table.ts";
import { responsesTable, transcoderTable } from "../../pipeline/ports/tables.ts";
import { account, keyArn, statements, synthesizeStack } from "./synthesize-stack.ts";

describe("EncryptionKey", () => {
  const synthesizeKey = (serviceGrants?: readonly KeyServiceGrant[]) =>
    synthesizeStack((stack) => {
      new EncryptionKey(stack, "key", {
        name: "films",
        description: "Films",
        ...(serviceGrants === undefined ? {} : { serviceGrants }),
      });
    });

  it("rotates yearly, has an alias and a deletion window of 30 days", () => {
    expect(synthesizeKey().one("aws_kms_key")).to.deep.include({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
    expect(synthesizeKey().one("aws_kms_alias").name).to.equal("alias/films");
  });

  it("is administered by the account and usable by the named services for its resources only", () => {
    expect(
      statements(synthesizeKey().one("aws_kms_key").policy).map(({ Principal }) => Principal),
    ).to.deep.equal([{ AWS: `arn:aws:iam::${account}:root` }]);
    const sourceArn = "arn:aws:sns:us-east-1:1:*";
    const [, events, sns, logs] = statements(
      synthesizeKey([{ service: "events.amazonaws.com" }, { service: "sns.amazonaws.com", sourceArn }]).one(
        "aws_kms_key",
      ).policy,
    );
    expect(events).to.deep.include({
      Principal: { Service: "events.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    });
    expect(sns).to.deep.include({
      Principal: { Service: "sns.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": sourceArn } },
    });
    expect(logs).to.deep.include({
      Principal: { Service: "logs.us-east-1.amazonaws.com" },
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:${account}:log-group:*` },
      },
    });
  });
});

describe("RecordTable", () => {
  it("has the keys and indexes of its definition, encryption, point-in-time recovery and a TTL", () => {
    const table = synthesizeStack((stack) => {
      new RecordTable(stack, "records", { name: "records", definition: transcoderTable });
    }).one("aws_dynamodb_table");

    expect(table).to.deep.include({
      name: "records",
      hash_key: "id",
      billing_mode: "PAY_PER_REQUEST",
      server_side_encryption: { enabled: true, kms_key_arn: keyArn },
      point_in_time_recovery: { enabled: true },
      ttl: { attribute_name: "expiresAt", enabled: true },
    });
    expect(
      z
        .array(
          z.object({
            name: z.string(),
            hash_key: z.string(),
            range_key: z.string(),
            projection_type: z.string(),
          }),
        )
        .parse(table.global_secondary_index)
        .map(({ name, hash_key, range_key, projection_type }) => ({
          name,
          hashKey: hash_key,
          rangeKey: range_key,
          projection: projection_type,
        })),
    ).to.deep.equal(transcoderTable.indexes);
    expect(table).to.not.have.property("range_key");
  });

  it("has the range key of a table with two keys, and every key attribute once", () => {
    const synthesized = synthesizeStack((stack) => {
      new RecordTable(stack, "records", { name: "records", definition: responsesTable });
    });

    const table = synthesized.one("aws_dynamodb_table");
    expect(table).to.deep.include({ hash_key: "ProjectStep", range_key: "Mail" });
    expect(
      z.array(z.object({ projection_type: z.literal("ALL") })).parse(table.global_secondary_index).length,
    ).to.equal(responsesTable.indexes.length);
    expect(table.attribute).to.deep.equal(
      ["Mail", "Project", "ProjectStep", "createdAtId", "ownerId", "videoKeyStem"].map((name) => ({
        name,
        type: "S",
      })),
    );
  });
});

describe("ImageRepository", () => {
  it("has immutable tags, scans on push and expires untagged images", () => {
    const synthesized = synthesizeStack((stack) => {
      new ImageRepository(stack, "worker", { name: "ffmpeg" });
    });

    expect(synthesized.one("aws_ecr_repository")).to.deep.include({
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: { scan_on_push: true },
    });
    expect(
      z
        .object({ rules: z.array(z.looseObject({ selection: z.record(z.string(), z.unknown()) })) })
        .parse(JSON.parse(z.string().parse(synthesized.one("aws_ecr_lifecycle_policy").policy)))
        .rules.map(({ selection }) => [selection.tagStatus, selection.countNumber]),
    ).to.deep.equal([
      ["untagged", 14],
      ["any", 50],
    ]);
  });
});
