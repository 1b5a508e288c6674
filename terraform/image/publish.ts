import { UsageError } from "../../pipeline/errors/errors.ts";
import { type BuildContext, hashContext } from "./build-context.ts";
import { buildAndPush, findEngine, logIn, platforms } from "./container-engine.ts";
import type { Compression, Engine } from "./engine-names.ts";
import type { ImageRecord } from "./image-record.ts";
import { withInstalledPackages } from "./install-packages.ts";
import type { Registry } from "./registry.ts";

/** Options of `publishImage`. */
export interface PublishOptions {
  readonly context: BuildContext;
  readonly registry: Registry;
  readonly architecture: keyof typeof platforms;
  /** @default the first one found */
  readonly engine?: Engine;
  readonly buildArguments?: Readonly<Record<string, string>>;
  /** Compression of the layers. @default gzip */
  readonly compression?: Compression;
  /** The recorded image, which may have been rebuilt. @default none */
  readonly recordedImage?: Pick<ImageRecord, "digest" | "contextHash">;
  /**
   * Time of a rebuild: builds the image of unchanged sources again, from the current packages of its base, under a tag of
   * its own. @default no rebuild
   */
  readonly rebuildTime?: Date;
  readonly report: (line: string) => void;
}

/** An image in the registry. */
export interface PublishedImage {
  /** `URI@DIGEST`, as in a task definition. */
  readonly imageUri: string;
  readonly digest: string;
  /** `hashContext` of its sources. */
  readonly contextHash: string;
  /** False if the image already existed. */
  readonly isBuilt: boolean;
}

/** Characters of the context hash in a tag; enough to make it unique in practice. */
const tagLength = 16;

/**
 * Builds an image's tag from its context hash. Tags are immutable, so a tag identifies the sources and the time of a rebuild
 * (UTC, e.g. `20261130120000`).
 */
export const buildTag = (
  contextHash: string,
  architecture: keyof typeof platforms,
  rebuildTime?: Date,
): string =>
  [
    contextHash.slice(0, tagLength),
    architecture.toLowerCase(),
    ...(rebuildTime === undefined ? [] : [rebuildTime.toISOString().replace(/\D/g, "").slice(0, 14)]),
  ].join("-");

/** Finds the image of the sources in the registry: the recorded one, which may have been rebuilt, else the one with their tag. */
const findExistingDigest = async (
  { registry, recordedImage, architecture }: PublishOptions,
  contextHash: string,
): Promise<string | undefined> => {
  const { digest, contextHash: recordedHash } = recordedImage ?? { digest: null, contextHash: "" };
  const recordedDigest =
    digest === null || recordedHash !== contextHash ? undefined : await registry.findDigest({ digest });
  return recordedDigest ?? registry.findDigest({ tag: buildTag(contextHash, architecture) });
};

/**
 * Makes sure that the registry contains the image of the sources: uses the existing image, unless it is to be rebuilt, else
 * builds and pushes it.
 *
 * @throws UsageError for zstd with docker, whose push supports only gzip
 */
export const publishImage = async (options: PublishOptions): Promise<PublishedImage> => {
  const { context, registry, architecture, rebuildTime, report } = options;
  const contextHash = await hashContext(context);
  const tag = buildTag(contextHash, architecture, rebuildTime);
  const uri = await registry.uri();
  const existingDigest =
    rebuildTime === undefined ? await findExistingDigest(options, contextHash) : undefined;
  if (existingDigest !== undefined) {
    report(`The image of the current sources is already in the registry: ${uri}@${existingDigest}`);
    return { imageUri: `${uri}@${existingDigest}`, digest: existingDigest, contextHash, isBuilt: false };
  }
  const engine = await findEngine(options.engine);
  if (engine === "docker" && options.compression === "zstd")
    throw new UsageError(
      "docker push supports no zstd layers. Use --engine podman or --engine buildah, or omit --compression.",
    );
  report(`Building the worker's image with ${engine}`);
  await logIn(engine, uri.slice(0, uri.indexOf("/")), await registry.getCredentials());
  const digest = await withInstalledPackages(context, architecture, (directory) =>
    buildAndPush(
      engine,
      {
        directory,
        reference: `${uri}:${tag}`,
        platform: platforms[architecture],
        isRebuild: rebuildTime !== undefined,
        ...(options.buildArguments === undefined ? {} : { buildArguments: options.buildArguments }),
        ...(options.compression === undefined ? {} : { compression: options.compression }),
      },
      report,
    ),
  );
  report(`Pushed ${uri}@${digest}`);
  return { imageUri: `${uri}@${digest}`, digest, contextHash, isBuilt: true };
};

/**
 * Whether the recorded image can be pulled: its repository names a host, or the stage's repository contains its
 * digest.
 */
export const isPublished = async (
  { repository, digest }: ImageRecord,
  registry: Registry,
): Promise<boolean> => {
  if (digest === null) return false;
  return repository.includes("/") || (await registry.findDigest({ digest })) !== undefined;
};
