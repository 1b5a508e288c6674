import type { Capabilities } from "../../pipeline/encoding/capabilities.ts";
import { capabilitiesMemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import { parseCapabilities } from "../../pipeline/encoding/parse-capabilities.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { runChild } from "./child.ts";

const queryFfmpeg = async (ffmpeg: string, option: string, signal: AbortSignal): Promise<string> => {
  let output = "";
  try {
    const result = await runChild(ffmpeg, ["-hide_banner", option].slice(option === "-version" ? 1 : 0), {
      signal,
      timeoutSeconds: 30,
      graceSeconds: 1,
      memory: capabilitiesMemoryLimit,
      onOutput: (text) => {
        output += text;
      },
    });
    if (result.code === 0) return output;
    throw new Error(`exit ${result.code ?? result.signal}`);
  } catch (cause) {
    signal.throwIfAborted();
    throw new JobFailure(
      9000,
      `Running ${ffmpeg} ${option} failed: ${String(cause)}. Set FFMPEG_PATH to a working ffmpeg binary.`,
      { cause },
    );
  }
};

/** Probes the capabilities of an ffmpeg build. @throws JobFailure 9000 if it cannot be run */
export const probeCapabilities = async (ffmpeg: string, signal: AbortSignal): Promise<Capabilities> => {
  const [version = "", encoders = "", muxers = "", filters = ""] = await Promise.all(
    ["-version", "-encoders", "-muxers", "-filters"].map((option) => queryFfmpeg(ffmpeg, option, signal)),
  );
  return parseCapabilities({ version, encoders, muxers, filters });
};
