import { stat } from "node:fs/promises";
import { totalmem } from "node:os";
import { probeTimeoutSeconds } from "../../../pipeline/encoding/run-limits.ts";
import { containerDemuxers } from "../../../pipeline/media/demuxers.ts";
import type { MediaLimits } from "../../../pipeline/media/media-limits.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import { probeMedia } from "./ffprobe.ts";
import { probeImage } from "./image-program.ts";

export interface ProbeOptions {
  readonly ffprobe: string;
  /** Absolute path of the image program. */
  readonly imageProgram: string;
  readonly limits: MediaLimits;
}

/** Probes a local file; undefined if it cannot be probed. */
export const probeFile = async (
  path: string,
  isImage: boolean,
  { ffprobe, imageProgram, limits }: ProbeOptions,
): Promise<Probe | undefined> => {
  const common = {
    name: path,
    signal: AbortSignal.timeout(30_000),
    graceSeconds: 1,
    taskMemoryBytes: totalmem(),
  };
  try {
    return isImage
      ? await probeImage(path, (await stat(path)).size, limits.maxImagePixels, {
          ...common,
          imageProgram,
          threads: 1,
        })
      : await probeMedia(path, {
          ...common,
          ffprobe,
          limits,
          workTimeoutSeconds: probeTimeoutSeconds,
          demuxers: containerDemuxers,
        });
  } catch {
    // The file is displayed without properties. The job's error has the reason.
    return undefined;
  }
};
