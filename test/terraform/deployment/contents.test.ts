import { BatchDeleteImageCommand, ECRClient, ListImagesCommand } from "@aws-sdk/client-ecr";
import { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { restore, stub } from "sinon";
import {
  DeletionError,
  deleteContents,
  findBucketsAndRepositories,
} from "../../../terraform/deployment/stack-contents.ts";

const s3 = new S3Client({ region: "us-east-1" });
const ecr = new ECRClient({ region: "us-east-1" });
const bucket = { kind: "bucket", name: "films" } as const;
const repository = { kind: "repository", name: "worker" } as const;

/** A bucket of versions, every tenth one a delete marker, that lists and deletes at most 1000 at once. */
const fillBucket = (count: number, refuses?: string): Set<string> => {
  const versions = new Set(Array.from({ length: count }, (_, index) => `v${index}`));
  stub(s3, "send").callsFake(async (command: unknown) => {
    if (command instanceof ListObjectVersionsCommand) {
      const page = [...versions].slice(0, Math.min(command.input.MaxKeys ?? 1000, 1000));
      const isMarker = (id: string) => id.endsWith("0");
      const entries = (ids: readonly string[]) => ids.map((VersionId) => ({ Key: "film.mp4", VersionId }));
      return {
        Versions: entries(page.filter((id) => !isMarker(id))),
        DeleteMarkers: entries(page.filter(isMarker)),
      };
    }
    if (!(command instanceof DeleteObjectsCommand)) throw new Error("Nothing else is asked of a bucket.");
    const asked = command.input.Delete?.Objects ?? [];
    if (asked.length > 1000) throw new Error("S3 deletes 1000 at most.");
    for (const { VersionId = "" } of asked) if (VersionId !== refuses) versions.delete(VersionId);
    return asked.some(({ VersionId }) => VersionId === refuses)
      ? { Errors: [{ Key: "film.mp4", Message: "Access Denied" }] }
      : {};
  });
  return versions;
};

describe("what Terraform does not know of in a stack", () => {
  afterEach(() => restore());

  it("lies in its buckets and repositories", () => {
    const found = findBucketsAndRepositories([
      { address: "aws_s3_bucket.a", type: "aws_s3_bucket", values: { bucket: "films" } },
      { address: "aws_dynamodb_table.b", type: "aws_dynamodb_table", values: { name: "jobs" } },
      { address: "aws_ecr_repository.c", type: "aws_ecr_repository", values: { name: "worker" } },
    ]);

    expect(found).to.deep.equal([bucket, repository]);
  });

  it("is deleted page by page, versions and delete markers alike", async () => {
    const versions = fillBucket(2345);
    const told: number[] = [];

    const deleted = await deleteContents({ s3, ecr }, bucket, (count) => told.push(count));

    expect(deleted).to.equal(2345);
    expect([...versions]).to.deep.equal([]);
    expect(told).to.deep.equal([1000, 2000, 2345]);
  });

  it("is an error with AWS's reason where it cannot be deleted", async () => {
    fillBucket(5, "v3");

    const failed = await deleteContents({ s3, ecr }, bucket, () => {}).catch((cause: unknown) => cause);

    expect(failed).to.be.instanceOf(DeletionError);
    expect(failed).to.have.property(
      "message",
      "film.mp4 in the bucket films cannot be deleted: Access Denied.",
    );
  });

  it("is given up on where AWS keeps listing what it says it deleted", async () => {
    stub(s3, "send").callsFake(async (command: unknown) =>
      command instanceof ListObjectVersionsCommand ? { Versions: [{ Key: "film.mp4", VersionId: "v" }] } : {},
    );

    const failed = await deleteContents({ s3, ecr }, bucket, () => {}).catch((cause: unknown) => cause);

    expect(failed)
      .to.be.instanceOf(DeletionError)
      .with.property("message")
      .that.includes("the item is still listed");
  });

  it("is an image once, however many tags it has", async () => {
    const images = [
      { imageDigest: "sha256:1", imageTag: "one" },
      { imageDigest: "sha256:1", imageTag: "two" },
      { imageDigest: "sha256:2" },
    ];
    const asked: unknown[] = [];
    stub(ecr, "send").callsFake(async (command: unknown) => {
      if (command instanceof ListImagesCommand) return { imageIds: asked.length === 0 ? images : [] };
      if (command instanceof BatchDeleteImageCommand) asked.push(command.input.imageIds);
      return {};
    });

    const deleted = await deleteContents({ s3, ecr }, repository, () => {});

    expect(deleted).to.equal(2);
    expect(asked).to.deep.equal([[{ imageDigest: "sha256:1" }, { imageDigest: "sha256:2" }]]);
  });
});
