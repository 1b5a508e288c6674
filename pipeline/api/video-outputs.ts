import * as z from "zod";
import type { Job } from "../jobs/job.ts";
import { listOutputsByKind, outputKinds } from "../videos/output-kind.ts";
import { getOutputContentType } from "../videos/playable.ts";
import { getOutputSeconds } from "./job-document.ts";

const videoOutputSchema = z
  .object({
    key: z.string().describe("Key in the output bucket."),
    name: z.string().describe("Name of the output, without folders."),
    kind: z
      .enum(outputKinds)
      .describe(
        "`file`: audio or video with everything; `rendition`: one video, audio or subtitle track of a ladder; `image`: a poster; `storyboard`: sprite sheet and cues; `manifest`: a playlist or manifest, which names other outputs.",
      ),
    contentType: z.string().describe("Media type."),
    bytes: z.number().describe("Size in bytes."),
    width: z.number().nullable().describe("Width in pixels; null without video."),
    height: z.number().nullable().describe("Height in pixels; null without video."),
    durationSeconds: z
      .number()
      .nullable()
      .describe("Duration in seconds; null for a still image or a text file."),
    url: z
      .string()
      .describe(
        "URL of the output, absolute or relative to the API. A signed URL expires after 12 to 13 hours.",
      ),
  })
  .meta({ id: "VideoOutput", description: "An output of a video, to save." });

/** The outputs of a video. */
export const videoOutputListSchema = z
  .object({
    outputs: z.array(videoOutputSchema).describe("Outputs, ordered by kind: those that people save first."),
  })
  .meta({ id: "VideoOutputList", description: "The outputs of a video, to save." });
export type VideoOutputList = z.infer<typeof videoOutputListSchema>;

/** Converts the outputs of a video to their document. @param signUrl returns the URL of an output */
export const buildVideoOutputList = async (
  job: Pick<Job, "recipe" | "outputs">,
  signUrl: (key: string) => Promise<string>,
): Promise<VideoOutputList> => ({
  outputs: await Promise.all(
    listOutputsByKind(job).map(async ({ kind, output }) => ({
      key: output.key,
      name: output.key.slice(output.key.lastIndexOf("/") + 1),
      kind,
      contentType: getOutputContentType(output),
      bytes: output.bytes,
      width: output.width ?? null,
      height: output.height ?? null,
      durationSeconds: getOutputSeconds(output) ?? null,
      url: await signUrl(output.key),
    })),
  ),
});
