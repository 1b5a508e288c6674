import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";

/** Terraform is not there, or too old for what the stacks use. */
export class TerraformUnavailableError extends UserError {
  constructor(reason: string) {
    super(
      `${reason}. The stacks need Terraform 1.11 or later: https://developer.hashicorp.com/terraform/install`,
    );
  }
}

/** One run of the program `terraform`. */
export interface TerraformRun {
  /** Folder it works in. */
  readonly directory: string;
  readonly args: readonly string[];
  /** Variables on top of this process's own, which pass through as they are. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default nothing */
  readonly stdin?: string;
  /** Told each line of standard output; it is then not kept. @default kept in `stdout` */
  readonly onLine?: (line: string) => void;
  /** Aborted: Terraform is asked once to stop; it ends what it is at, writes the state and gives the lock back. */
  readonly signal?: AbortSignal;
}

/** How it ended. */
export interface TerraformResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `terraform`; an exit code that is not 0 is an answer, too.
 *
 * @throws TerraformUnavailableError where there is no such program
 */
export const runTerraform = async (run: TerraformRun): Promise<TerraformResult> => {
  // A group of its own: Ctrl-C reaches all of a terminal's group, and Terraform told twice drops everything at once.
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
          ? new TerraformUnavailableError("There is no terraform on PATH")
          : cause,
      ),
    );
    child.once("close", (code) => resolve(code ?? 1));
  });
  // Terraform that ends before it has read all is told of by its exit code.
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

const checkVersion = async (directory: string): Promise<void> => {
  const { exitCode, stdout, stderr } = await runTerraform({ directory, args: ["version", "-json"] });
  if (exitCode !== 0) throw new TerraformUnavailableError(`terraform version failed: ${stderr.trim()}`);
  const { terraform_version: version } = versionSchema.parse(JSON.parse(stdout));
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 1 || (major === 1 && minor < 11))
    throw new TerraformUnavailableError(`terraform on PATH is ${version}`);
};

const versionChecks = new Map<string, Promise<void>>();

/**
 * Asks Terraform for its version, once for each PATH.
 *
 * @throws TerraformUnavailableError for a version before 1.11, which lacks write-only arguments or S3's own locks
 */
export const checkTerraform = (directory: string): Promise<void> => {
  const path = process.env.PATH ?? "";
  const check = versionChecks.get(path) ?? checkVersion(directory);
  versionChecks.set(path, check);
  return check;
};
