import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, symlink, utimes } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const repository = fileURLToPath(new URL("../..", import.meta.url));
/** What synth reads: no test, no document, nothing that was made. */
const sources = [
  "adapters",
  "bundling",
  "docker",
  "lambdas",
  "modules",
  "pipeline",
  "stacks",
  "test/synth/whole.config.ts",
  "cdktf.json",
  "main.ts",
  "package-lock.json",
  "package.json",
  "reelway.config.ts",
  "tsconfig.json",
];

/** How a clone's synth runs. */
export interface CloneOptions {
  /** Times that the checkout gave its files. */
  readonly filesFrom: Date;
  /** How far its clock is from this machine's, milliseconds. */
  readonly clockMs: number;
  readonly timeZone: string;
  /** In octal, as the shell takes it. */
  readonly umask: string;
}

const shiftedClock = (milliseconds: number): string =>
  `data:text/javascript,${encodeURIComponent(`const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...given) { if (given.length > 0) super(...given); else super(Real.now() + ${milliseconds}); }
      static now() { return Real.now() + ${milliseconds}; }
    };`)}`;

/** Every file below a folder. */
export const readTree = async (folder: string): Promise<ReadonlyMap<string, Buffer>> => {
  const files = new Map<string, Buffer>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path), await readFile(path));
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Another copy of the app, without anything that a synth left behind, and with the same packages. */
export const createClone = async (root: string, options: CloneOptions) => {
  for (const path of sources) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await cp(join(repository, path), join(root, path), { recursive: true });
  }
  const { filesFrom } = options;
  for (const path of await readdir(root, { recursive: true }))
    await utimes(join(root, path), filesFrom, filesFrom);
  await symlink(join(repository, "node_modules"), join(root, "node_modules"));
  return {
    root,
    /** Runs a program of the clone and answers what lies in its `cdktf.out` then. */
    async synth(...program: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
      const { CDKTF_OUTDIR: _, ...env } = process.env;
      await promisify(execFile)(
        "sh",
        ["-c", `umask ${options.umask}; exec "$0" "$@"`, process.execPath, ...program],
        {
          cwd: root,
          env: {
            ...env,
            TZ: options.timeZone,
            REELWAY_CONFIG: "test/synth/whole.config.ts",
            NODE_OPTIONS: `--import=${shiftedClock(options.clockMs)}`,
          },
        },
      );
      return readTree(join(root, "cdktf.out"));
    },
  };
};
