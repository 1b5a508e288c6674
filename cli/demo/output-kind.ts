import type { JobOutput } from "../../pipeline/attempts/report.ts";
import { getContentType } from "../../pipeline/uploads/content-type.ts";

/** Decides what shows an output in a page. */
export const getOutputKind = (output: JobOutput): "video" | "audio" | "image" | "file" => {
  const type = getContentType(output.key);
  if (type.startsWith("image/")) return "image";
  if (type.startsWith("video/"))
    return output.videoCodec === undefined && output.audioCodec !== undefined ? "audio" : "video";
  return type.startsWith("audio/") ? "audio" : "file";
};
