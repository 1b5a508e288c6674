/** The worker's image in `image.json`, which is reviewed like code. */
export interface WorkerImage {
  /** A repository URI with a host, or any name without a slash for the stage's repository. */
  readonly repository: string;
  /** `sha256:` and 64 hexadecimal characters; null if the image is not built yet. */
  readonly digest: string | null;
}

/**
 * Builds the URI with the digest that tasks pull the image from.
 *
 * @param stageRepositoryUri URI of the stage's repository
 * @returns undefined if the image has no digest
 */
export const buildImageUri = (
  { repository, digest }: WorkerImage,
  stageRepositoryUri: string,
): string | undefined =>
  digest === null ? undefined : `${repository.includes("/") ? repository : stageRepositoryUri}@${digest}`;
