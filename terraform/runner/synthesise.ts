import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { UserError } from "../../pipeline/errors/errors.ts";

/** The app does not synthesise; the message has the reason that it gave. */
export class SynthError extends UserError {
  constructor(stderr: string) {
    // Node prints the message, then the places in the code, which help nobody who edits a configuration.
    const lines = stderr.split("\n").filter((line) => !/^\s+at |^node:|^Node\.js v|^\s*\^+\s*$/.test(line));
    const first = lines.findIndex((line) => /^(?:Uncaught )?\w*Error\b.*: /.test(line));
    super(`The stacks cannot be synthesised. ${lines.slice(Math.max(first, 0)).join("\n").trim()}`, {
      cause: stderr,
    });
  }
}

/**
 * Synthesises the app as `npm run synth` does.
 *
 * @param environment variables on top of this process's own, which pass through (REELWAY_CONFIG, CDKTF_OUTDIR)
 * @returns the absolute folder with the stacks: CDKTF_OUTDIR, else `cdktf.out` of the repository
 * @throws SynthError
 */
export const synthesise = async (environment: Readonly<Record<string, string>> = {}): Promise<string> => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const { CDKTF_OUTDIR: folder, REELWAY_CONFIG: configuration } = { ...process.env, ...environment };
  const outdir = folder ? resolve(folder) : resolve(root, "cdktf.out");
  const child = spawn(process.execPath, ["synth.js"], {
    cwd: root,
    env: {
      ...process.env,
      ...environment,
      CDKTF_OUTDIR: outdir,
      // The app runs in the repository's folder: what a person names from elsewhere must still be found.
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
