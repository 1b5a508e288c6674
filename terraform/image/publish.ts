import { buildAndPush, type Engine, findEngine, logIn, platforms } from "./engine.ts";
import type { ImageRecord } from "./image-file.ts";
import type { Registry } from "./registry.ts";
import { hashSources, type ImageContext } from "./sources.ts";

export interface PublishOrder {
  readonly context: ImageContext;
  readonly registry: Registry;
  readonly architecture: keyof typeof platforms;
  /** @default the first that is found */
  readonly engine?: Engine;
  readonly buildArguments?: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

/** An image in the registry. */
export interface PublishedImage {
  /** `URI@DIGEST`, as a task definition names it. */
  readonly image: string;
  readonly digest: string;
  /** {@link hashSources} of what it was built from. */
  readonly sources: string;
  /** false: it was there already. */
  readonly built: boolean;
}

/** Characters of the sources' hash in a tag: enough that no two sources share one. */
const tagLength = 16;

/** The tag of the image of these sources; tags never move, so it says what the image was built from. */
export const tagOf = (sources: string, architecture: keyof typeof platforms): string =>
  `${sources.slice(0, tagLength)}-${architecture.toLowerCase()}`;

/**
 * Makes sure that the registry holds the image of these sources: one with their tag is taken as it is, else it is built
 * and pushed.
 */
export const publishImage = async (order: PublishOrder): Promise<PublishedImage> => {
  const { context, registry, architecture, say } = order;
  const sources = await hashSources(context);
  const tag = tagOf(sources, architecture);
  const uri = await registry.uri();
  const standing = await registry.find({ tag });
  if (standing !== undefined) {
    say(`The worker's image of these sources is in the registry: ${uri}@${standing}`);
    return { image: `${uri}@${standing}`, digest: standing, sources, built: false };
  }
  const engine = await findEngine(order.engine);
  say(`Building the worker's image with ${engine}`);
  await logIn(engine, uri.slice(0, uri.indexOf("/")), await registry.login());
  const digest = await buildAndPush(
    engine,
    {
      directory: context.directory,
      reference: `${uri}:${tag}`,
      platform: platforms[architecture],
      ...(order.buildArguments === undefined ? {} : { buildArguments: order.buildArguments }),
    },
    say,
  );
  say(`Pushed ${uri}@${digest}`);
  return { image: `${uri}@${digest}`, digest, sources, built: true };
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
  return repository.includes("/") || (await registry.find({ digest })) !== undefined;
};
