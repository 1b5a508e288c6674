import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { parseSummary } from "../../../terraform/pull-request/summary.ts";
import { bin } from "../../e2e/program.ts";
import { reference } from "./plan-factory.ts";

/** A test's input for a stack's `cdk.tf.json`. */
export interface StackInput {
  /** Stacks whose state it reads. */
  readonly reads?: readonly string[];
  readonly [block: string]: unknown;
}

/** The result of a command. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Stacks of a stage called `dev`, laid out as synth does; their states are local files.
 *
 * @param more variables that the commands get on top of this process's own
 */
export const createTestStage = async (more: Readonly<Record<string, string>> = {}) => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-estate-test-"));
  const outdir = join(folder, "cdktf.out");
  const getStatePath = (stack: string) => join(folder, "states", `${stack}.tfstate`);

  const run = (...args: string[]): Promise<CommandResult> =>
    new Promise((resolve) => {
      const environment = { ...process.env, CDKTF_OUTDIR: outdir, ...more };
      execFile(process.execPath, [bin, ...args], { cwd: folder, env: environment }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
      );
    });

  return {
    folder,
    getStatePath,
    path: (...segments: string[]) => join(folder, ...segments),
    read: (...segments: string[]) => readFile(join(folder, ...segments), "utf8"),
    /** Writes the files of a synth. */
    async synth(stacks: Readonly<Record<string, StackInput>>): Promise<void> {
      await rm(join(outdir, "stacks"), { recursive: true, force: true });
      await mkdir(join(folder, "states"), { recursive: true });
      const manifest: Record<string, unknown> = {};
      for (const [stack, { reads = [], ...blocks }] of Object.entries(stacks)) {
        const name = `dev-${stack}`;
        const directory = join(outdir, "stacks", name);
        await mkdir(directory, { recursive: true });
        const remote = reads.map((other) => [
          other,
          { backend: "local", config: { path: getStatePath(other) } },
        ]);
        const document = {
          terraform: { backend: { local: { path: getStatePath(stack) } } },
          ...(remote.length > 0 && { data: { terraform_remote_state: Object.fromEntries(remote) } }),
          ...blocks,
        };
        await writeFile(join(directory, "cdk.tf.json"), JSON.stringify(document));
        manifest[name] = {
          name,
          workingDirectory: `stacks/${name}`,
          dependencies: reads.map((other) => `dev-${other}`),
        };
      }
      await writeFile(join(outdir, "manifest.json"), JSON.stringify({ stacks: manifest }));
    },
    run,
    async plan(out = "plan") {
      const result = await run("plan", "--stage", "dev", "--no-synth", "--no-lock", "--out", out, "--json");
      if (result.code !== 0) throw new Error(`plan ended with ${result.code}: ${result.stderr}`);
      return parseSummary(result.stdout);
    },
    apply: (reviewed: string, ...more: string[]) =>
      run("apply", "--stage", "dev", "--no-synth", "--reviewed", reviewed, "--yes", "--json", ...more),
    close: () => rm(folder, { recursive: true, force: true }),
  };
};
export type TestStage = Awaited<ReturnType<typeof createTestStage>>;

/** A resource that needs no provider but Terraform's own. */
export const dataResource = (input: unknown, more: Readonly<Record<string, unknown>> = {}) => ({
  input,
  ...more,
});

/** An output. */
export const output = (to: string) => ({ value: reference(to) });

/** The output of another stack's state. */
export const remoteOutput = (stack: string, name: string): string =>
  reference(`data.terraform_remote_state.${stack}.outputs.${name}`);

const applied = z.object({
  applied: z.array(z.string()),
  unchanged: z.array(z.string()),
  next: z.unknown(),
});

/** What `apply --json` printed. */
export const parseApplied = ({ code, stdout, stderr }: CommandResult): z.output<typeof applied> => {
  if (code !== 0) throw new Error(`apply ended with ${code}: ${stderr}`);
  return applied.parse(JSON.parse(stdout));
};
