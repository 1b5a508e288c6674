import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, symlink, utimes } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const repository = fileURLToPath(new URL("../..", import.meta.url));
/** What git ignores or keeps for itself, and what synth does not read. */
const excluded = [
  ".git",
  ".reelway",
  "cdktf.out",
  "coverage",
  "dist",
  "docs",
  "examples",
  "node_modules",
  "test",
];
/** The configuration with every option, and its hooks. */
const configuration = "test/synth/whole.config.ts";
const hooks = "test/synth/hooks";

/** How a clone's synth runs. */
export interface CloneOptions {
  /** Times that the checkout gave its files. */
  readonly filesFrom: Date;
  /** How far its clock is from this machine's, milliseconds. */
  readonly clockMs: number;
  readonly timeZone: string;
  /** In octal, as the shell takes it. */
  readonly umask: string;
  /** Packages that replace others, by import name. @default none */
  readonly replaced?: Readonly<Record<string, string>>;
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

/** Copies the app without anything that a synth left behind. */
const copySources = async (root: string): Promise<void> => {
  await mkdir(join(root, dirname(configuration)), { recursive: true });
  await cp(join(repository, configuration), join(root, configuration));
  await cp(join(repository, hooks), join(root, hooks), { recursive: true });
  for (const name of await readdir(repository))
    if (!excluded.includes(name)) await cp(join(repository, name), join(root, name), { recursive: true });
};

/** Installs the repository's packages by links: `replaced` says in place of which package another stands. */
const linkPackages = async (root: string, replaced: Readonly<Record<string, string>>): Promise<void> => {
  const packages = join(repository, "node_modules");
  await mkdir(join(root, "node_modules"));
  for (const name of await readdir(packages))
    await symlink(join(packages, replaced[name] ?? name), join(root, "node_modules", name));
};

/** Another copy of the app. */
export const createClone = async (root: string, options: CloneOptions) => {
  await copySources(root);
  const { filesFrom } = options;
  for (const path of await readdir(root, { recursive: true }))
    await utimes(join(root, path), filesFrom, filesFrom);
  await linkPackages(root, options.replaced ?? {});
  await promisify(execFile)(process.execPath, ["build/compile.mjs"], { cwd: root });
  return {
    root,
    /** Synthesizes the clone's stacks and returns what is in its `cdktf.out` then. */
    async synth(): Promise<ReadonlyMap<string, Buffer>> {
      const { CDKTF_OUTDIR: _, ...env } = process.env;
      await promisify(execFile)(
        "sh",
        ["-c", `umask ${options.umask}; exec "$0" "$@"`, process.execPath, "cli/bin.js", "synth"],
        {
          cwd: root,
          env: {
            ...env,
            TZ: options.timeZone,
            REELWAY_CONFIG: configuration,
            // Packages find each other in the clone, as if they were no links.
            NODE_OPTIONS: `--preserve-symlinks --import=${shiftedClock(options.clockMs)}`,
          },
        },
      );
      return readTree(join(root, "cdktf.out"));
    },
  };
};
