import { computeProbeMemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import type { Inspection } from "../../pipeline/encoding/source-inspection.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { ProbeOptions } from "./ffprobe.ts";
import { runWatchedChild } from "./watched-child.ts";

/**
 * Runs ffprobe for an inspection of a source. A run that fails ends the inspection without a result for it: ffmpeg
 * reports a damaged file better.
 */
export const runInspection = async (
  inspection: Inspection,
  { ffprobe, limits, signal, graceSeconds, workTimeoutSeconds, source, taskMemoryBytes }: ProbeOptions,
): Promise<Probe> => {
  let next = inspection.next();
  while (next.done !== true) {
    const { arguments: probeArguments, onOutput } = next.value;
    await runWatchedChild(ffprobe, probeArguments, {
      signal,
      graceSeconds,
      memory: computeProbeMemoryLimit(limits.maxVideoPixels, 0, taskMemoryBytes),
      limits: { workTimeoutSeconds, source },
      onOutput,
    });
    signal.throwIfAborted();
    next = inspection.next();
  }
  return next.value;
};
