import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";

/** Terraform is not installed or too old. */
export class TerraformUnavailableError extends UserError {
  constructor(reason: string) {
    super(
      `${reason}. The stacks need Terraform 1.11 or later: https://developer.hashicorp.com/terraform/install`,
    );
  }
}

/** A run of the program `terraform`. */
export interface TerraformRun {
  /** Working directory. */
  readonly directory: string;
  readonly args: readonly string[];
  /** Additional environment variables. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default nothing */
  readonly stdin?: string;
  /** Called with each line of standard output, which is then not in `stdout`. @default none */
  readonly onLine?: (line: string) => void;
  /** On abort, Terraform completes the current operation, writes the state and releases the lock. */
  readonly signal?: AbortSignal;
}

/** Result of a run. */
export interface TerraformResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `terraform`. Does not throw for a non-zero exit code.
 *
 * @throws TerraformUnavailableError if terraform is not on PATH
 */
export const runTerraform = async (run: TerraformRun): Promise<TerraformResult> => {
  // Its own process group: otherwise Ctrl-C reaches Terraform twice, which makes it abort at once.
  const child = spawn("terraform", [...run.args], {
    cwd: run.directory,
    env: { ...process.env, ...run.environment, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  const interrupt = (): void => {
    child.kill("SIGINT");
  };
  if (run.signal?.aborted) interrupt();
  run.signal?.addEventListener("abort", interrupt, { once: true });
  const exit = new Promise<number>((resolve, reject) => {
    child.once("error", (cause) =>
      reject(
        "code" in cause && cause.code === "ENOENT"
          ? new TerraformUnavailableError("terraform was not found on PATH")
          : cause,
      ),
    );
    child.once("close", (code) => resolve(code ?? 1));
  });
  // If Terraform ends before it has read its input, its exit code reports the failure.
  child.stdin.on("error", () => {});
  child.stdin.end(run.stdin ?? "");
  const stdout = (async () => {
    if (run.onLine === undefined) return text(child.stdout);
    for await (const line of createInterface({ input: child.stdout })) run.onLine(line);
    return "";
  })();
  try {
    const [exitCode, output, stderr] = await Promise.all([exit, stdout, text(child.stderr)]);
    return { exitCode, stdout: output, stderr };
  } finally {
    run.signal?.removeEventListener("abort", interrupt);
  }
};

const versionSchema = z.looseObject({ terraform_version: z.string() });

/**
 * Reads Terraform's version.
 *
 * @throws TerraformUnavailableError if terraform is missing, or for a version before 1.11, which lacks write-only
 * arguments and S3 locking
 */
export const readTerraformVersion = async (directory: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await runTerraform({ directory, args: ["version", "-json"] });
  if (exitCode !== 0) throw new TerraformUnavailableError(`terraform version failed: ${stderr.trim()}`);
  const { terraform_version: version } = versionSchema.parse(JSON.parse(stdout));
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 1 || (major === 1 && minor < 11))
    throw new TerraformUnavailableError(`terraform on PATH has version ${version}`);
  return version;
};

const versionChecks = new Map<string, Promise<string>>();

/**
 * Checks Terraform's version, once per PATH.
 *
 * @throws TerraformUnavailableError
 */
export const checkTerraform = async (directory: string): Promise<void> => {
  const path = process.env.PATH ?? "";
  const check = versionChecks.get(path) ?? readTerraformVersion(directory);
  versionChecks.set(path, check);
  await check;
};
