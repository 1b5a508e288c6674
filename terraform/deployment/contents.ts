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
import type { StoredResource } from "../runner/terraform.ts";

/** What can hold things that Terraform does not know of, and so does not destroy. */
export interface Container {
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

/** The buckets and repositories among a stack's resources. */
export const containersOf = (resources: readonly StoredResource[]): readonly Container[] =>
  resources.flatMap(({ type, values }): Container[] => {
    if (type === "aws_s3_bucket") return [{ kind: "bucket", name: bucketValues.parse(values).bucket }];
    if (type === "aws_ecr_repository")
      return [{ kind: "repository", name: repositoryValues.parse(values).name }];
    return [];
  });

/** What is in a container, by what names it to AWS; a first page of it. */
interface Page {
  readonly ids: readonly string[];
  /** Deletes it all; answers the first that AWS refused. */
  remove(): Promise<{ readonly what: string; readonly why: string } | undefined>;
}

const noReason = "AWS gives no reason";

/** The first versions and delete markers of a bucket; none where it is gone. */
const bucketPage = async (s3: S3Client, bucket: string, size: number): Promise<Page> => {
  const { Versions = [], DeleteMarkers = [] } = await s3
    .send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: size }))
    .catch((cause: unknown): Partial<ListObjectVersionsCommandOutput> => {
      if (cause instanceof S3ServiceException && cause.name === "NoSuchBucket") return {};
      throw cause;
    });
  const found = [...Versions, ...DeleteMarkers].map(({ Key = "", VersionId }) => ({ Key, VersionId }));
  return {
    ids: found.map(({ Key, VersionId }) => `${Key}?versionId=${VersionId}`),
    async remove() {
      const { Errors: [refused] = [] } = await s3.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: found, Quiet: true } }),
      );
      if (refused === undefined) return undefined;
      return { what: refused.Key ?? "An object", why: refused.Message ?? refused.Code ?? noReason };
    },
  };
};

/** The first images of a repository; none where it is gone. */
const repositoryPage = async (ecr: ECRClient, repository: string, size: number): Promise<Page> => {
  const { imageIds = [] } = await ecr
    .send(new ListImagesCommand({ repositoryName: repository, maxResults: size }))
    .catch((cause: unknown): Partial<ListImagesCommandOutput> => {
      if (cause instanceof RepositoryNotFoundException) return {};
      throw cause;
    });
  // An image is listed once for each of its tags; by its digest it goes with all of them.
  const digests = [...new Set(imageIds.flatMap(({ imageDigest }) => imageDigest ?? []))];
  return {
    ids: digests,
    async remove() {
      const { failures: [refused] = [] } = await ecr.send(
        new BatchDeleteImageCommand({
          repositoryName: repository,
          imageIds: digests.map((imageDigest) => ({ imageDigest })),
        }),
      );
      if (refused === undefined) return undefined;
      return {
        what: refused.imageId?.imageDigest ?? "An image",
        why: refused.failureReason ?? refused.failureCode ?? noReason,
      };
    },
  };
};

const firstPage = ({ s3, ecr }: ContentClients, { kind, name }: Container, size: number): Promise<Page> =>
  kind === "bucket" ? bucketPage(s3, name, size) : repositoryPage(ecr, name, size);

/** As many as S3 and ECR delete in one call. */
const pageSizes = { bucket: 1000, repository: 100 } as const;

/** Whether anything is in it: a version, a delete marker, an image. */
export const holdsSomething = async (clients: ContentClients, container: Container): Promise<boolean> =>
  (await firstPage(clients, container, 1)).ids.length > 0;

/** Something in a bucket or a repository would not be deleted. */
export class NotEmptied extends Error {
  constructor({ kind, name }: Container, what: string, why: string) {
    super(`${what} in the ${kind} ${name} cannot be deleted: ${why}.`);
    this.name = "NotEmptied";
  }
}

/**
 * Deletes every version and delete marker of a bucket, or every image of a repository, page by page.
 *
 * @param progress told after each page how many are gone
 * @returns how many were deleted
 * @throws NotEmptied with the first that AWS refused
 */
export const empty = async (
  clients: ContentClients,
  container: Container,
  progress: (deleted: number) => void,
): Promise<number> => {
  let deleted = 0;
  let last: string | undefined;
  for (;;) {
    const { ids, remove } = await firstPage(clients, container, pageSizes[container.kind]);
    const [first] = ids;
    if (first === undefined) return deleted;
    const refused =
      first === last ? { what: first, why: "AWS says that it is gone, and lists it again" } : await remove();
    if (refused !== undefined) throw new NotEmptied(container, refused.what, refused.why);
    deleted += ids.length;
    progress(deleted);
    last = first;
  }
};
