import * as z from "zod";

const seconds = z
  .number()
  .optional()
  .describe("Duration in seconds; absent if the file does not declare it.");
const startSeconds = z
  .number()
  .optional()
  .describe("Seconds from the start of the source to the start of the track; absent if it starts first.");
const flag = (meaning: string) => z.boolean().optional().describe(`Whether the track ${meaning}.`);
const trackLabels = {
  language: z.string().optional().describe("Language as tagged in the file, usually ISO 639-2."),
  title: z.string().optional().describe("Title of the track."),
  isDefault: flag("is marked as the default"),
};
const audioSchema = z.object({
  index: z.number().describe("Index of the stream in the file."),
  codec: z.string().describe("Codec as ffprobe names it."),
  channels: z.number().describe("Number of channels."),
  sampleRate: z.number().describe("Sample rate in Hz."),
  startSeconds,
  durationSeconds: seconds,
  channelLayout: z.string().optional().describe("Channel layout as ffmpeg names it."),
  ...trackLabels,
  isCommentary: flag("is a commentary"),
  isVisualImpaired: flag("is an audio description"),
  isHearingImpaired: flag("is for the hearing impaired"),
});
const subtitleSchema = z.object({
  index: z.number().describe("Index of the stream in the file."),
  codec: z.string().describe("Codec as ffprobe names it."),
  ...trackLabels,
  isForced: flag("is shown even if subtitles are off"),
  isHearingImpaired: flag("is for the hearing impaired"),
});

/** The probe of a source in the HTTP API. */
export const probeSchema = z
  .object({
    formats: z.array(z.string()).readonly().describe("Names of the container format."),
    durationSeconds: seconds,
    bytes: z.number().optional().describe("Size in bytes."),
    bitRate: z.number().optional().describe("Bit rate in bit/s."),
    video: z
      .object({
        index: z.number().describe("Index of the stream in the file."),
        codec: z.string().describe("Codec as ffprobe names it."),
        codedWidth: z.number().describe("Width in pixels as coded."),
        codedHeight: z.number().describe("Height in pixels as coded."),
        width: z.number().describe("Display width in pixels, after rotation."),
        height: z.number().describe("Display height in pixels, after rotation."),
        rotation: z
          .union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)])
          .describe("Clockwise rotation by a player, in degrees."),
        frameRate: z.number().optional().describe("Average frames per second; absent for a still image."),
        isVariableFrameRate: z.boolean().optional().describe("Whether the frame rate varies."),
        frameCount: z.int().optional().describe("Frames of an animated image; absent otherwise."),
        pixelFormat: z.string().describe("Pixel format as ffprobe names it."),
        interlaced: z.boolean().describe("Whether the video is interlaced."),
        startSeconds,
        durationSeconds: seconds,
        color: z
          .object({
            range: z.enum(["tv", "pc"]).optional().describe("`tv` for limited range, `pc` for full range."),
            matrix: z.string().optional().describe("Matrix coefficients as ffprobe names them."),
            transfer: z.string().optional().describe("Transfer characteristics as ffprobe names them."),
            primaries: z.string().optional().describe("Color primaries as ffprobe names them."),
          })
          .optional()
          .describe("Color tags; absent if the video is untagged."),
        dolbyVision: z
          .object({
            profile: z.number().describe("Dolby Vision profile."),
            compatibilityId: z.number().describe("What the base layer is: 1 HDR10, 2 SDR, 4 HLG, 0 none."),
          })
          .optional()
          .describe("Dolby Vision configuration; absent for other video."),
      })
      .optional()
      .describe("The video stream; absent without video."),
    audio: audioSchema.optional().describe("The main audio track; absent without audio."),
    audioTracks: z
      .array(audioSchema)
      .readonly()
      .optional()
      .describe("Every audio track, the main one included; absent if there are fewer than two."),
    subtitleTracks: z
      .array(subtitleSchema)
      .readonly()
      .optional()
      .describe("Every subtitle track; absent without subtitles."),
  })
  .meta({ id: "Probe", description: "What ffprobe reports about a source." });
