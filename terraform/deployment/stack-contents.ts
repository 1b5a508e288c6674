import {
  BatchDeleteImageCommand,
  type ECRClient,
  ListImagesCommand,
  type ListImagesCommandOutput,
  RepositoryNotFoundException,
} from "@aws-sdk/client-ecr";
import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";
import type { StoredResource } from "../runner/terraform.ts";

/** A resource with contents that Terraform does not manage. */
export interface BucketOrRepository {
  readonly kind: "bucket" | "repository";
  readonly name: string;
}

/** Clients of the stage's region. */
export interface ContentClients {
  readonly s3: S3Client;
  readonly ecr: ECRClient;
}

const bucketValues = z.looseObject({ bucket: z.string() });
const repositoryValues = z.looseObject({ name: z.string() });

/** Finds the buckets and repositories among a stack's resources. */
export const findBucketsAndRepositories = (
  resources: readonly StoredResource[],
): readonly BucketOrRepository[] =>
  resources.flatMap(({ type, values }): BucketOrRepository[] => {
    if (type === "aws_s3_bucket") return [{ kind: "bucket", name: bucketValues.parse(values).bucket }];
    if (type === "aws_ecr_repository")
      return [{ kind: "repository", name: repositoryValues.parse(values).name }];
    return [];
  });

/** The first page of a bucket's or repository's contents. */
interface Page {
  readonly ids: readonly string[];
  /** Deletes the page; returns the first failure. */
  deleteAll(): Promise<{ readonly item: string; readonly reason: string } | undefined>;
}

const unknownReason = "AWS returned no reason";

/** Reads the first versions and delete markers of a bucket; empty if the bucket does not exist. */
const readBucketPage = async (s3: S3Client, bucket: string, size: number): Promise<Page> => {
  const { Versions = [], DeleteMarkers = [] } = await s3
    .send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: size }))
    .catch((cause: unknown): Partial<ListObjectVersionsCommandOutput> => {
      if (cause instanceof S3ServiceException && cause.name === "NoSuchBucket") return {};
      throw cause;
    });
  const objects = [...Versions, ...DeleteMarkers].map(({ Key = "", VersionId }) => ({ Key, VersionId }));
  return {
    ids: objects.map(({ Key, VersionId }) => `${Key}?versionId=${VersionId}`),
    async deleteAll() {
      const { Errors: [failure] = [] } = await s3.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
      );
      if (failure === undefined) return undefined;
      return { item: failure.Key ?? "An object", reason: failure.Message ?? failure.Code ?? unknownReason };
    },
  };
};

/** Reads the first images of a repository; empty if the repository does not exist. */
const readRepositoryPage = async (ecr: ECRClient, repository: string, size: number): Promise<Page> => {
  const { imageIds = [] } = await ecr
    .send(new ListImagesCommand({ repositoryName: repository, maxResults: size }))
    .catch((cause: unknown): Partial<ListImagesCommandOutput> => {
      if (cause instanceof RepositoryNotFoundException) return {};
      throw cause;
    });
  // An image is listed once per tag; deleting it by digest removes all tags.
  const digests = [...new Set(imageIds.flatMap(({ imageDigest }) => imageDigest ?? []))];
  return {
    ids: digests,
    async deleteAll() {
      const { failures: [failure] = [] } = await ecr.send(
        new BatchDeleteImageCommand({
          repositoryName: repository,
          imageIds: digests.map((imageDigest) => ({ imageDigest })),
        }),
      );
      if (failure === undefined) return undefined;
      return {
        item: failure.imageId?.imageDigest ?? "An image",
        reason: failure.failureReason ?? failure.failureCode ?? unknownReason,
      };
    },
  };
};

const readFirstPage = (
  { s3, ecr }: ContentClients,
  { kind, name }: BucketOrRepository,
  size: number,
): Promise<Page> =>
  kind === "bucket" ? readBucketPage(s3, name, size) : readRepositoryPage(ecr, name, size);

/** Maximum number of items that S3 and ECR delete per call. */
const pageSizes = { bucket: 1000, repository: 100 } as const;

/** Whether a bucket or repository contains a version, a delete marker or an image. */
export const hasContents = async (clients: ContentClients, target: BucketOrRepository): Promise<boolean> =>
  (await readFirstPage(clients, target, 1)).ids.length > 0;

/** An item of a bucket or repository could not be deleted. */
export class DeletionError extends UserError {
  constructor({ kind, name }: BucketOrRepository, item: string, reason: string) {
    super(`${item} in the ${kind} ${name} cannot be deleted: ${reason}.`);
  }
}

/**
 * Deletes every version and delete marker of a bucket, or every image of a repository, page by page.
 *
 * @param onProgress called after each page with the number of items deleted so far
 * @returns number of deleted items
 * @throws DeletionError for the first item that could not be deleted
 */
export const deleteContents = async (
  clients: ContentClients,
  target: BucketOrRepository,
  onProgress: (deleted: number) => void,
): Promise<number> => {
  let deleted = 0;
  let previousFirst: string | undefined;
  for (;;) {
    const { ids, deleteAll } = await readFirstPage(clients, target, pageSizes[target.kind]);
    const [first] = ids;
    if (first === undefined) return deleted;
    const failure =
      first === previousFirst
        ? { item: first, reason: "the deletion succeeded, but the item is still listed" }
        : await deleteAll();
    if (failure !== undefined) throw new DeletionError(target, failure.item, failure.reason);
    deleted += ids.length;
    onProgress(deleted);
    previousFirst = first;
  }
};
