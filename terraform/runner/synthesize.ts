import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { packageDirectory } from "../../build/package-directory.ts";
import { UserError } from "../../pipeline/errors/errors.ts";

/** The synthesis failed; the message contains the app's error. */
export class SynthError extends UserError {
  constructor(stderr: string) {
    super(`Synthesizing the stacks failed. ${stderr.replace(/^reelway: /, "").trim()}`, { cause: stderr });
  }
}

/** Exit status of a command that failed because of a fault of Reelway's (docs/cli.md). */
const faultStatus = 70;

/**
 * Synthesizes the stacks of the working directory, as `reelway synth` does.
 *
 * @param environment additional environment variables, e.g. REELWAY_CONFIG or CDKTF_OUTDIR
 * @returns absolute synth output folder: CDKTF_OUTDIR, else `cdktf.out`
 * @throws SynthError; Error for a fault of Reelway's
 */
export const synthesize = async (environment: Readonly<Record<string, string>> = {}): Promise<string> => {
  const outdir = resolve(environment.CDKTF_OUTDIR || process.env.CDKTF_OUTDIR || "cdktf.out");
  const child = spawn(process.execPath, [join(packageDirectory, "cli/bin.js"), "synth"], {
    env: { ...process.env, ...environment, CDKTF_OUTDIR: outdir },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exit = new Promise<number>((resolveExit, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolveExit(code ?? 1));
  });
  const [code, stderr] = await Promise.all([exit, text(child.stderr)]);
  if (code === faultStatus)
    throw new Error(`Synthesizing the stacks failed. ${stderr.split("\n", 1)[0]}`, { cause: stderr });
  if (code !== 0) throw new SynthError(stderr);
  return outdir;
};
