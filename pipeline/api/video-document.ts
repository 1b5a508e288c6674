import * as z from "zod";
import { jobStatuses } from "../attempts/job-status.ts";
import { splitKey } from "../routing/template.ts";
import { findVideoSize } from "../videos/playable.ts";
import {
  getOutputSeconds,
  jobDocumentSchema,
  jobErrorSchema,
  type ListedJob,
  progressSchema,
} from "./job-document.ts";

/** What a player opens. */
export const playableSchema = z
  .object({
    url: z
      .string()
      .describe("URL, absolute or relative to the API. A signed URL expires after 12 to 13 hours."),
    contentType: z.string().describe("Media type."),
    kind: z
      .enum(["file", "hls", "dash"])
      .describe("`file`: one file with everything; `hls` and `dash`: a manifest, whose files are beside it."),
  })
  .meta({ id: "Playable", description: "What a player opens." });

const storyboardSchema = z
  .object({
    url: z
      .string()
      .describe(
        "URL of a WebVTT file. Each cue is a time of the video and names a part of the sprite sheet: `sprite.jpg#xywh=X,Y,WIDTH,HEIGHT`, in pixels.",
      ),
    spriteUrl: z.string().describe("URL of the sprite sheet. Use it in place of `sprite.jpg` of the cues."),
  })
  .meta({ id: "Storyboard", description: "Small images of a video over its time, for a seek bar." });

/** A video as the HTTP API shows it. */
export const videoDocumentSchema = z
  .object({
    id: z.string().describe("Id of the video, which is the id of its job."),
    key: z.string().describe("Key of the upload."),
    title: z.string().describe("Name of the upload, without folders and extension."),
    bytes: z.number().describe("Size of the upload in bytes."),
    route: jobDocumentSchema.shape.route,
    engine: jobDocumentSchema.shape.engine,
    recipe: jobDocumentSchema.shape.recipe,
    status: z.enum(jobStatuses).describe("Status of the job."),
    progress: progressSchema,
    error: jobErrorSchema.nullable().describe("Why the job failed; null unless the status is Error."),
    durationSeconds: z.number().nullable().describe("Duration in seconds; null while it is not known."),
    width: z
      .number()
      .nullable()
      .describe("Width in pixels of the largest output with video; null without one."),
    height: z.number().nullable().describe("Height in pixels of the same output; null without one."),
    posterUrl: z.string().nullable().describe("URL of an image of the video; null without one."),
    storyboard: storyboardSchema.nullable().describe("Images over time; null without them."),
    playables: z
      .array(playableSchema)
      .describe("What a player can open, the preferred one first; empty until the video is Complete."),
    supersededBy: z
      .string()
      .nullable()
      .describe(
        "Id of the video of a newer version of the same upload, whose outputs have replaced those of this video; otherwise null.",
      ),
    response: z
      .object({
        project: z.string().describe("Project of the response."),
        step: z.string().describe("Step of the project."),
        mail: z.string().describe("E-mail address of the person who responds."),
      })
      .nullable()
      .describe("The response whose current video this is; null for any other video."),
    createdAt: z.string().describe("When the upload was claimed, ISO 8601."),
    ownerId: z
      .string()
      .nullable()
      .describe(
        "Id of the user that the video belongs to; null if it belongs to nobody, and for callers who are no operators.",
      ),
  })
  .meta({ id: "Video", description: "A video: a job that makes something that a player can open." });
export type VideoDocument = z.infer<typeof videoDocumentSchema>;

/** A page of the list of videos. */
export const videoListSchema = z
  .object({
    videos: z.array(videoDocumentSchema).describe("Videos, newest first."),
    cursor: z
      .string()
      .nullable()
      .describe(
        "Pass it as `cursor` to get the next page; null on the last page. A page can have fewer videos than `limit`, or none, although a cursor follows.",
      ),
  })
  .meta({ id: "VideoList", description: "A page of the list of videos." });
export type VideoList = z.infer<typeof videoListSchema>;

/** Converts a job to the document of its video. */
export const toVideoDocument = (
  { job }: ListedJob,
  details: Pick<
    VideoDocument,
    "posterUrl" | "storyboard" | "playables" | "supersededBy" | "response" | "ownerId"
  >,
): VideoDocument => {
  const durations = job.outputs.map((output) => getOutputSeconds(output) ?? 0);
  const durationSeconds = Math.max(job.probe?.durationSeconds ?? 0, ...durations);
  const size = findVideoSize(job);
  return {
    id: job.id,
    key: job.source.key,
    title: splitKey(job.source.key, "").name,
    bytes: job.source.bytes,
    route: job.route,
    engine: job.engine,
    recipe: job.recipe,
    status: job.status,
    progress: job.progress,
    error: job.error,
    durationSeconds: durationSeconds === 0 ? null : durationSeconds,
    width: size?.width ?? null,
    height: size?.height ?? null,
    createdAt: job.createdAt,
    ...details,
  };
};
