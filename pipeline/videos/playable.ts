import type { JobOutput } from "../attempts/report.ts";
import type { Job } from "../jobs/job.ts";
import type { RecipeName } from "../recipes/recipe.ts";
import { getContentType } from "../uploads/content-type.ts";

/** Recipes whose jobs are videos: they make something that a browser plays. */
export const videoRecipes: ReadonlySet<RecipeName> = new Set([
  "transcode",
  "watermark",
  "ladder",
  "audio",
  "clip",
]);

/** What a player opens. */
export interface Playable {
  /** `hls` and `dash`: the manifest of a ladder; `file`: one file with everything. */
  readonly kind: "hls" | "dash" | "file";
  readonly key: string;
  readonly contentType: string;
  /** Folder that a ladder has for itself, with `/` at the end. */
  readonly folder?: string;
}

const getOutputContentType = ({ key, contentType }: JobOutput): string => contentType ?? getContentType(key);

const findLadderManifest = (outputs: readonly JobOutput[]): Playable | undefined => {
  const manifests = { hls: "master.m3u8", dash: "manifest.mpd" } as const;
  for (const kind of ["hls", "dash"] as const) {
    const output = outputs.find(({ key }) => key.endsWith(`/${manifests[kind]}`));
    if (output !== undefined)
      return {
        kind,
        key: output.key,
        contentType: getOutputContentType(output),
        folder: output.key.slice(0, -manifests[kind].length),
      };
  }
  return undefined;
};

/** Finds what a player opens: a ladder's HLS manifest, else its DASH manifest; the file of any other video. */
export const findPlayable = ({ recipe, outputs }: Pick<Job, "recipe" | "outputs">): Playable | undefined => {
  if (recipe === null || !videoRecipes.has(recipe)) return undefined;
  if (recipe === "ladder") return findLadderManifest(outputs);
  const file = outputs.find((output) => /^(video|audio)\//.test(getOutputContentType(output)));
  return file && { kind: "file", key: file.key, contentType: getOutputContentType(file) };
};

/** Finds the key of a video's poster. A ladder has one; its other image is a sprite sheet. */
export const findPosterKey = ({ outputs }: Pick<Job, "outputs">): string | undefined => {
  const images = outputs.filter((output) => getOutputContentType(output).startsWith("image/"));
  return (images.find(({ key }) => /(^|\/)poster\.\w+$/.test(key)) ?? images[0])?.key;
};
