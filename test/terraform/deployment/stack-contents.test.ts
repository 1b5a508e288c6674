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
      const buildEntries = (ids: readonly string[]) =>
        ids.map((VersionId) => ({ Key: "film.mp4", VersionId }));
      return {
        Versions: buildEntries(page.filter((id) => !isMarker(id))),
        DeleteMarkers: buildEntries(page.filter(isMarker)),
      };
    }
    if (!(command instanceof DeleteObjectsCommand)) throw new Error("Nothing else is asked of a bucket.");
    const requestedObjects = command.input.Delete?.Objects ?? [];
    if (requestedObjects.length > 1000) throw new Error("S3 deletes 1000 at most.");
    for (const { VersionId = "" } of requestedObjects) if (VersionId !== refuses) versions.delete(VersionId);
    return requestedObjects.some(({ VersionId }) => VersionId === refuses)
      ? { Errors: [{ Key: "film.mp4", Message: "Access Denied" }] }
      : {};
  });
  return versions;
};

describe("stack contents outside Terraform", () => {
  afterEach(() => restore());

  it("are in its buckets and repositories", () => {
    const contents = findBucketsAndRepositories([
      { address: "aws_s3_bucket.a", type: "aws_s3_bucket", values: { bucket: "films" } },
      { address: "aws_dynamodb_table.b", type: "aws_dynamodb_table", values: { name: "jobs" } },
      { address: "aws_ecr_repository.c", type: "aws_ecr_repository", values: { name: "worker" } },
    ]);

    expect(contents).to.deep.equal([bucket, repository]);
  });

  it("are deleted page by page, including versions and delete markers", async () => {
    const versions = fillBucket(2345);
    const counts: number[] = [];

    const deleted = await deleteContents({ s3, ecr }, bucket, (count) => counts.push(count));

    expect(deleted).to.equal(2345);
    expect([...versions]).to.deep.equal([]);
    expect(counts).to.deep.equal([1000, 2000, 2345]);
  });

  it("report AWS's reason if they cannot be deleted", async () => {
    fillBucket(5, "v3");

    const failed = await deleteContents({ s3, ecr }, bucket, () => {}).catch((cause: unknown) => cause);

    expect(failed).to.be.instanceOf(DeletionError);
    expect(failed).to.have.property(
      "message",
      "film.mp4 in the bucket films cannot be deleted: Access Denied.",
    );
  });

  it("fail if AWS keeps listing deleted objects", async () => {
    stub(s3, "send").callsFake(async (command: unknown) =>
      command instanceof ListObjectVersionsCommand ? { Versions: [{ Key: "film.mp4", VersionId: "v" }] } : {},
    );

    const failed = await deleteContents({ s3, ecr }, bucket, () => {}).catch((cause: unknown) => cause);

    expect(failed)
      .to.be.instanceOf(DeletionError)
      .with.property("message")
      .that.includes("the item is still listed");
  });

  it("count an image once for any number of tags", async () => {
    const images = [
      { imageDigest: "sha256:1", imageTag: "one" },
      { imageDigest: "sha256:1", imageTag: "two" },
      { imageDigest: "sha256:2" },
    ];
    const requests: unknown[] = [];
    stub(ecr, "send").callsFake(async (command: unknown) => {
      if (command instanceof ListImagesCommand) return { imageIds: requests.length === 0 ? images : [] };
      if (command instanceof BatchDeleteImageCommand) requests.push(command.input.imageIds);
      return {};
    });

    const deleted = await deleteContents({ s3, ecr }, repository, () => {});

    expect(deleted).to.equal(2);
    expect(requests).to.deep.equal([[{ imageDigest: "sha256:1" }, { imageDigest: "sha256:2" }]]);
  });
});
