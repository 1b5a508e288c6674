import { computeProbeMemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";
import type { Inspection } from "../../../pipeline/encoding/source-inspection.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import { buildSlowStoreFailure, type ProbeOptions } from "./ffprobe.ts";
import { runWatchedChild } from "./watched-child.ts";

/**
 * Runs ffprobe for an inspection of a source. A run that fails leaves the probe as it is: ffmpeg reports a damaged file
 * better.
 *
 * @throws JobFailure 3000 (retryable) if the object store was too slow
 */
export const runInspection = async (inspection: Inspection, options: ProbeOptions): Promise<Probe> => {
  const { ffprobe, name, limits, signal, graceSeconds, workTimeoutSeconds, source, taskMemoryBytes } =
    options;
  let next = inspection.next();
  while (next.done !== true) {
    const { arguments: probeArguments, onOutput } = next.value;
    const { code, exceededLimit, timedOut } = await runWatchedChild(ffprobe, probeArguments, {
      signal,
      graceSeconds,
      memory: computeProbeMemoryLimit(limits.maxVideoPixels, taskMemoryBytes),
      limits: { workTimeoutSeconds, source },
      onOutput,
    });
    signal.throwIfAborted();
    if (timedOut) throw buildSlowStoreFailure(name);
    next = inspection.next(code === 0 && exceededLimit === undefined);
  }
  return next.value;
};
