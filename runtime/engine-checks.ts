import { access, constants } from "node:fs/promises";
import type { LocalMediaPrograms } from "../adapters/local/media-programs.ts";
import { systemCode } from "../adapters/local/system-code.ts";
import type { Transcoder } from "../pipeline/elastic-transcoder/transcoder-client.ts";
import type { Secrets } from "../pipeline/ports/services.ts";
import type { EngineCheck } from "./engine-health.ts";

/** A well-formed id that no job has: asking for it goes through the API's signature check and its table. */
const unknownJob = "0000000000000-checks";

const checkProgram = async (what: string, path: string, mode: number, next: string): Promise<void> => {
  await access(path, mode).catch((cause: unknown) => {
    throw new Error(`${what} ${path} cannot be used (${systemCode(cause) ?? String(cause)}). ${next}`);
  });
};

interface CheckedParts {
  readonly programs: Pick<LocalMediaPrograms, "ffmpeg" | "ffprobe">;
  /** Path of the worker's bundle. */
  readonly worker: string;
  readonly secrets: Secrets;
  readonly transcoder: Pick<Transcoder, "readJob">;
}

/** What the engines of one machine need: their programs, the transcoder's keys, and its API's answer. */
export const engineChecks = ({
  programs,
  worker,
  secrets,
  transcoder,
}: CheckedParts): readonly EngineCheck[] => [
  {
    name: "ffmpeg",
    async check() {
      const next = "Install it again, or restart the runtime to use another.";
      await checkProgram("The program", programs.ffmpeg, constants.X_OK, next);
      await checkProgram("The program", programs.ffprobe, constants.X_OK, next);
      await checkProgram("The worker's program", worker, constants.R_OK, "Restart the runtime.");
    },
  },
  {
    name: "elastic-transcoder",
    async check() {
      // First, because its message names the file; and the API would log each request that it cannot check.
      await secrets.transcoderKeys();
      await transcoder.readJob(unknownJob);
    },
  },
];
