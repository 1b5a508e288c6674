import { totalmem } from "node:os";
import { imageTimeoutSeconds, probeTimeoutSeconds } from "../../pipeline/encoding/run-limits.ts";
import { containerDemuxers, imageDemuxers } from "../../pipeline/media/demuxers.ts";
import type { MediaLimits } from "../../pipeline/media/media-limits.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { probeMedia } from "./ffprobe.ts";

export interface ProbeOptions {
  readonly ffprobe: string;
  readonly limits: MediaLimits;
}

/** Probes a local file; undefined if it cannot be probed. */
export const probeFile = async (
  path: string,
  isImage: boolean,
  options: ProbeOptions,
): Promise<Probe | undefined> => {
  try {
    return await probeMedia(path, {
      ...options,
      name: path,
      workTimeoutSeconds: isImage ? imageTimeoutSeconds : probeTimeoutSeconds,
      demuxers: isImage ? imageDemuxers : containerDemuxers,
      signal: AbortSignal.timeout(30_000),
      graceSeconds: 1,
      taskMemoryBytes: totalmem(),
    });
  } catch {
    // The file is displayed without properties. The job's error has the reason.
    return undefined;
  }
};
