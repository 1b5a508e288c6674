import type { JobOutput } from "../attempts/report.ts";
import type { Job } from "../jobs/job.ts";
import { findStoryboardKeys, getOutputContentType } from "./playable.ts";

/** What an output of a video is for, in the order in which people want them. */
export const outputKinds = ["file", "rendition", "image", "storyboard", "manifest"] as const;
export type OutputKind = (typeof outputKinds)[number];

const manifestTypes: ReadonlySet<string> = new Set(["application/vnd.apple.mpegurl", "application/dash+xml"]);

/** Lists the outputs of a video with their kinds, sorted by kind. */
export const listOutputsByKind = (
  job: Pick<Job, "recipe" | "outputs">,
): readonly { readonly kind: OutputKind; readonly output: JobOutput }[] => {
  const storyboard = findStoryboardKeys(job);
  const getKind = (output: JobOutput): OutputKind => {
    const contentType = getOutputContentType(output);
    if (output.key === storyboard?.cues || output.key === storyboard?.sprite) return "storyboard";
    if (manifestTypes.has(contentType)) return "manifest";
    if (contentType.startsWith("image/")) return "image";
    return job.recipe === "ladder" ? "rendition" : "file";
  };
  return job.outputs
    .map((output) => ({ kind: getKind(output), output }))
    .sort((a, b) => outputKinds.indexOf(a.kind) - outputKinds.indexOf(b.kind));
};
