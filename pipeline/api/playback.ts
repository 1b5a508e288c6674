import * as z from "zod";

/** Longest validity of a share, seconds. */
export const maxShareSeconds = 30 * 86_400;

/** How to play a video. */
export const playbackSchema = z
  .object({
    url: z.string().describe("URL for the player: a manifest with `hls` and `dash`, else the file."),
    kind: z
      .enum(["hls", "dash", "file"])
      .describe(
        "`hls`, `dash`: a ladder, whose files need the cookies of this response; `file`: one file, whose URL is signed.",
      ),
    contentType: z.string().describe("Media type of what the URL returns."),
    title: z.string().describe("Name of the upload, without folders and extension."),
    poster: z.string().nullable().describe("URL of the poster; null without one."),
    storyboard: z
      .string()
      .nullable()
      .describe(
        "URL of a WebVTT file with the images of a seek bar: each cue is a time of the video and names a part of the sprite sheet beside the file. Null without images.",
      ),
    expiresAt: z.string().describe("When URLs and cookies expire, ISO 8601."),
  })
  .meta({ id: "Playback", description: "How to play a video." });
export type PlaybackDocument = z.infer<typeof playbackSchema>;

/** How to play a shared video. */
export const sharedPlaybackSchema = playbackSchema
  .extend({ linkExpiresAt: z.string().describe("When the link expires, ISO 8601.") })
  .meta({ id: "SharedPlayback", description: "How to play a shared video." });

/** A request to share a video. */
export const createShareSchema = z
  .strictObject({
    expiresInSeconds: z.number().int().min(1).max(maxShareSeconds).describe("Validity of the link, seconds."),
  })
  .meta({ id: "CreateShareRequest", description: "How to share a video." });

/** A share of a video. */
export const shareSchema = z
  .object({
    url: z.string().describe("The link. Everybody who has it can play the video."),
    expiresAt: z.string().describe("When the link expires, ISO 8601."),
  })
  .meta({ id: "Share", description: "A link by which everybody can play one video." });
