import { access, constants } from "node:fs/promises";
import type { LocalMediaPrograms } from "../adapters/local/media-programs.ts";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { workerProgram } from "../build/package-directory.ts";
import type { Transcoder } from "../pipeline/elastic-transcoder/transcoder-client.ts";
import type { Secrets } from "../pipeline/ports/secrets.ts";
import type { EngineCheck } from "./engine-health.ts";

/** A valid id that no job has. Reading it exercises the API's signature check and its table. */
const unknownJobId = "0000000000000-checks";

const checkProgram = async (label: string, path: string, mode: number, nextStep: string): Promise<void> => {
  await access(path, mode).catch((cause: unknown) => {
    throw new Error(
      `${label} ${path} cannot be used (${getSystemErrorCode(cause) ?? String(cause)}). ${nextStep}`,
    );
  });
};

interface EngineCheckOptions {
  readonly programs: Pick<LocalMediaPrograms, "ffmpeg" | "ffprobe">;
  readonly secrets: Secrets;
  readonly transcoder: Pick<Transcoder, "readJob">;
}

/** Creates the checks of the engines: their programs exist, the transcoder's keys are readable, its API responds. */
export const createEngineChecks = ({
  programs,
  secrets,
  transcoder,
}: EngineCheckOptions): readonly EngineCheck[] => [
  {
    name: "ffmpeg",
    async check() {
      const nextStep = "Install it again, or restart the runtime to use another.";
      await checkProgram("The program", programs.ffmpeg, constants.X_OK, nextStep);
      await checkProgram("The program", programs.ffprobe, constants.X_OK, nextStep);
      await checkProgram("The worker's program", workerProgram, constants.R_OK, "Install Reelway again.");
    },
  },
  {
    name: "elastic-transcoder",
    async check() {
      // First, because its message names the file, and the API logs each request whose signature it cannot check.
      await secrets.readTranscoderKeys();
      await transcoder.readJob(unknownJobId);
    },
  },
];
