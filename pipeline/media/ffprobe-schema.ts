import * as z from "zod";

const optionalNumber = z.coerce.number().optional().catch(undefined);
const streamSchema = z.object({
  index: z.number().int(),
  codec_type: z.string().optional(),
  codec_name: z.string().default("unknown"),
  width: z.number().optional(),
  height: z.number().optional(),
  sample_aspect_ratio: z.string().optional(),
  pix_fmt: z.string().default("unknown"),
  color_range: z.string().optional(),
  color_space: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  field_order: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  start_time: optionalNumber,
  duration: optionalNumber,
  channels: z.number().optional(),
  channel_layout: z.string().optional(),
  sample_rate: optionalNumber,
  disposition: z.record(z.string(), z.number()).default({}),
  tags: z.record(z.string(), z.string()).default({}),
  side_data_list: z
    .array(
      z.object({
        rotation: z.number().optional(),
        dv_profile: z.number().optional(),
        dv_bl_signal_compatibility_id: z.number().optional(),
      }),
    )
    .default([]),
});
/** The parts of ffprobe's JSON (`-show_format -show_streams`) that a probe needs. */
export const ffprobeSchema = z.object({
  format: z
    .object({
      format_name: z.string(),
      start_time: optionalNumber,
      duration: optionalNumber,
      bit_rate: optionalNumber,
    })
    .optional(),
  streams: z.array(streamSchema).default([]),
});
/** A stream in ffprobe's words. */
export type Stream = z.infer<typeof streamSchema>;
