import type { JobOutput } from "../attempts/report.ts";
import type { Job } from "../jobs/job.ts";
import type { RecipeName } from "../recipes/recipe.ts";
import { getContentType } from "../uploads/content-type.ts";

/** Recipes whose jobs are videos: they make something that a browser plays. */
export const videoRecipes: readonly RecipeName[] = ["transcode", "watermark", "ladder", "audio", "clip"];

/** Whether a job is a video. */
export const isVideo = ({ recipe }: Pick<Job, "recipe">): boolean =>
  recipe !== null && videoRecipes.includes(recipe);

/** What a player opens. */
export interface Playable {
  /** `hls` and `dash`: the manifest of a ladder; `file`: one file with everything. */
  readonly kind: "hls" | "dash" | "file";
  readonly key: string;
  readonly contentType: string;
  /** Folder that a ladder has for itself, with `/` at the end. */
  readonly folder?: string;
}

/** Media type of an output. */
export const getOutputContentType = ({ key, contentType }: JobOutput): string =>
  contentType ?? getContentType(key);

const manifests = { hls: "master.m3u8", dash: "manifest.mpd" } as const;

const listLadderManifests = (outputs: readonly JobOutput[]): readonly Playable[] =>
  (["hls", "dash"] as const).flatMap((kind) => {
    const output = outputs.find(({ key }) => key.endsWith(`/${manifests[kind]}`));
    if (output === undefined) return [];
    const { key } = output;
    const folder = key.slice(0, -manifests[kind].length);
    return [{ kind, key, contentType: getOutputContentType(output), folder }];
  });

/** Lists what a player can open: a ladder's HLS manifest and its DASH manifest; the files of any other video. */
export const listPlayables = (job: Pick<Job, "recipe" | "outputs">): readonly Playable[] => {
  if (!isVideo(job)) return [];
  if (job.recipe === "ladder") return listLadderManifests(job.outputs);
  return job.outputs
    .map((output) => ({
      kind: "file" as const,
      key: output.key,
      contentType: getOutputContentType(output),
    }))
    .filter(({ contentType }) => /^(video|audio)\//.test(contentType));
};

/** Finds what a player opens first. */
export const findPlayable = (job: Pick<Job, "recipe" | "outputs">): Playable | undefined =>
  listPlayables(job)[0];

/** Finds the key of a video's poster; undefined without one. A ladder's other image is a sprite sheet. */
export const findPosterKey = ({ outputs }: Pick<Job, "outputs">): string | undefined => {
  const images = outputs.filter(
    (output) => getOutputContentType(output).startsWith("image/") && !/(^|\/)sprite\.jpg$/.test(output.key),
  );
  return (images.find(({ key }) => /(^|\/)poster\.\w+$/.test(key)) ?? images[0])?.key;
};

/** Finds the keys of a ladder's storyboard: a WebVTT file, whose cues name parts of a sprite sheet beside it. */
export const findStoryboardKeys = ({
  recipe,
  outputs,
}: Pick<Job, "recipe" | "outputs">): { readonly cues: string; readonly sprite: string } | undefined => {
  if (recipe !== "ladder") return undefined;
  const cues = outputs.find(({ key }) => key.endsWith("/thumbnails.vtt"))?.key;
  const sprite = outputs.find(({ key }) => key.endsWith("/sprite.jpg"))?.key;
  return cues === undefined || sprite === undefined ? undefined : { cues, sprite };
};

interface VideoSize {
  readonly width: number;
  readonly height: number;
}

/** Size in pixels of the largest output with video; undefined without one. */
export const findVideoSize = ({ outputs }: Pick<Job, "outputs">): VideoSize | undefined =>
  outputs
    .flatMap((output) =>
      output.width !== undefined &&
      output.height !== undefined &&
      getOutputContentType(output).startsWith("video/")
        ? [{ width: output.width, height: output.height }]
        : [],
    )
    .reduce<VideoSize | undefined>(
      (largest, size) =>
        largest === undefined || size.width * size.height > largest.width * largest.height ? size : largest,
      undefined,
    );
