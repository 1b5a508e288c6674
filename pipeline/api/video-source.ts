import * as z from "zod";

/** Validity of a source's URL, seconds. */
export const sourceUrlSeconds = 3600;

/** The upload of a video. */
export const videoSourceSchema = z
  .object({
    url: z
      .string()
      .describe(
        "URL of the upload, in exactly the version of the video, with ranges; absolute or relative to the API. It needs no credentials and expires; request it again then.",
      ),
    fileName: z.string().describe("Name of the upload, without folders."),
    contentType: z.string().describe("Media type of the upload, as its sender declared it."),
    bytes: z.number().describe("Size in bytes."),
    expiresAt: z.string().describe("When the URL expires, ISO 8601."),
  })
  .meta({ id: "VideoSource", description: "How to play or save the upload of a video." });
export type VideoSourceDocument = z.infer<typeof videoSourceSchema>;
