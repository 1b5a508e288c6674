/** The worker's image as `docker/ffmpeg/image.json` names it, which is reviewed like code. */
export interface WorkerImage {
  /** A URI with a host, or any name for the stage's own repository. */
  readonly repository: string;
  /** `sha256:` and 64 hexadecimal characters; null while nobody has built it. */
  readonly digest: string | null;
}

/**
 * Where a task pulls the image from, by its digest.
 *
 * @param stageRepositoryUri URI of the stage's own repository
 * @returns undefined while the image has no digest
 */
export const buildImageUri = (
  { repository, digest }: WorkerImage,
  stageRepositoryUri: string,
): string | undefined =>
  digest === null ? undefined : `${repository.includes("/") ? repository : stageRepositoryUri}@${digest}`;
