import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { packageDirectory } from "../../build/package-directory.ts";
import { UserError } from "../../pipeline/errors/errors.ts";

/** The synthesis failed; the message contains the app's error. */
export class SynthError extends UserError {
  constructor(stderr: string) {
    // The stack trace does not help somebody who edits a configuration.
    const lines = stderr.split("\n").filter((line) => !/^\s+at |^node:|^Node\.js v|^\s*\^+\s*$/.test(line));
    const first = lines.findIndex((line) => /^(?:Uncaught )?\w*Error\b.*: /.test(line));
    super(`Synthesising the stacks failed. ${lines.slice(Math.max(first, 0)).join("\n").trim()}`, {
      cause: stderr,
    });
  }
}

/**
 * Synthesises the stacks like `npm run synth`.
 *
 * @param environment additional environment variables, e.g. REELWAY_CONFIG or CDKTF_OUTDIR
 * @returns absolute synth output folder: CDKTF_OUTDIR, else `cdktf.out` of the repository
 * @throws SynthError
 */
export const synthesise = async (environment: Readonly<Record<string, string>> = {}): Promise<string> => {
  const { CDKTF_OUTDIR: folder, REELWAY_CONFIG: configuration } = { ...process.env, ...environment };
  const outdir = folder ? resolve(folder) : resolve(packageDirectory, "cdktf.out");
  const child = spawn(process.execPath, ["dist/main.js"], {
    cwd: packageDirectory,
    env: {
      ...process.env,
      ...environment,
      CDKTF_OUTDIR: outdir,
      // The app runs in the repository's folder, so relative paths are resolved first.
      ...(configuration ? { REELWAY_CONFIG: resolve(configuration) } : {}),
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exit = new Promise<number>((resolveExit, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolveExit(code ?? 1));
  });
  const [code, stderr] = await Promise.all([exit, text(child.stderr)]);
  if (code !== 0) throw new SynthError(stderr);
  return outdir;
};
