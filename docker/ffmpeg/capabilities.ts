import type { Capabilities } from "../../pipeline/encoding/capabilities.ts";
import { describeMemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import { parseCapabilities } from "../../pipeline/encoding/parse-capabilities.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { runChild } from "./child.ts";

const ask = async (ffmpeg: string, question: string, signal: AbortSignal): Promise<string> => {
  let text = "";
  try {
    const end = await runChild(ffmpeg, ["-hide_banner", question].slice(question === "-version" ? 1 : 0), {
      signal,
      wallSeconds: 30,
      graceSeconds: 1,
      memory: describeMemoryLimit,
      onOutput: (part) => {
        text += part;
      },
    });
    if (end.code === 0) return text;
    throw new Error(`exit ${end.code ?? end.signal}`);
  } catch (cause) {
    signal.throwIfAborted();
    throw new JobFailure(
      9000,
      `${ffmpeg} cannot be run (${question}): ${String(cause)}. Set FFMPEG to a working ffmpeg.`,
      { cause },
    );
  }
};

/** Asks a build of ffmpeg what it can do. */
export const probeCapabilities = async (ffmpeg: string, signal: AbortSignal): Promise<Capabilities> => {
  const [version = "", encoders = "", muxers = "", filters = ""] = await Promise.all(
    ["-version", "-encoders", "-muxers", "-filters"].map((question) => ask(ffmpeg, question, signal)),
  );
  return parseCapabilities({ version, encoders, muxers, filters });
};
