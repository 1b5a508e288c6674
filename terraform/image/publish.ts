import { type BuildContext, hashContext } from "./build-context.ts";
import { buildAndPush, type Engine, findEngine, logIn, platforms } from "./container-engine.ts";
import type { ImageRecord } from "./image-record.ts";
import type { Registry } from "./registry.ts";

export interface PublishOptions {
  readonly context: BuildContext;
  readonly registry: Registry;
  readonly architecture: keyof typeof platforms;
  /** @default the first that is found */
  readonly engine?: Engine;
  readonly buildArguments?: Readonly<Record<string, string>>;
  readonly report: (line: string) => void;
}

/** An image in the registry. */
export interface PublishedImage {
  /** `URI@DIGEST`, as a task definition names it. */
  readonly imageUri: string;
  readonly digest: string;
  /** {@link hashContext} of what it was built from. */
  readonly contextHash: string;
  /** false: it was there already. */
  readonly isBuilt: boolean;
}

/** Characters of the sources' hash in a tag: enough that no two sources share one. */
const tagLength = 16;

/** The tag of the image of these sources; tags never move, so it says what the image was built from. */
export const buildTag = (contextHash: string, architecture: keyof typeof platforms): string =>
  `${contextHash.slice(0, tagLength)}-${architecture.toLowerCase()}`;

/**
 * Makes sure that the registry holds the image of these sources: one with their tag is taken as it is, else it is built
 * and pushed.
 */
export const publishImage = async (options: PublishOptions): Promise<PublishedImage> => {
  const { context, registry, architecture, report } = options;
  const contextHash = await hashContext(context);
  const tag = buildTag(contextHash, architecture);
  const uri = await registry.uri();
  const existingDigest = await registry.findDigest({ tag });
  if (existingDigest !== undefined) {
    report(`The worker's image of these sources is in the registry: ${uri}@${existingDigest}`);
    return { imageUri: `${uri}@${existingDigest}`, digest: existingDigest, contextHash, isBuilt: false };
  }
  const engine = await findEngine(options.engine);
  report(`Building the worker's image with ${engine}`);
  await logIn(engine, uri.slice(0, uri.indexOf("/")), await registry.getCredentials());
  const digest = await buildAndPush(
    engine,
    {
      directory: context.directory,
      reference: `${uri}:${tag}`,
      platform: platforms[architecture],
      ...(options.buildArguments === undefined ? {} : { buildArguments: options.buildArguments }),
    },
    report,
  );
  report(`Pushed ${uri}@${digest}`);
  return { imageUri: `${uri}@${digest}`, digest, contextHash, isBuilt: true };
};

/**
 * Whether the recorded image can be pulled as it is: it lies in a registry that is named by its host, or the stage's
 * own repository has its digest.
 */
export const isPublished = async (
  { repository, digest }: ImageRecord,
  registry: Registry,
): Promise<boolean> => {
  if (digest === null) return false;
  return repository.includes("/") || (await registry.findDigest({ digest })) !== undefined;
};
