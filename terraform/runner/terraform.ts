import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod";
import { classifyError } from "./errors.ts";
import { type ChangeCounts, type Diagnostic, parseMessage, type ResourceProgress } from "./messages.ts";
import { parseState, type StoredState } from "./state.ts";
import { checkTerraform, runTerraform, type TerraformResult } from "./terraform-process.ts";

/** Options of `openTerraform`. */
export interface TerraformOptions {
  /** Absolute path of the stack's folder, whose name is used in messages. */
  readonly directory: string;
  /** Additional environment variables, e.g. `TF_VAR_worker_image`. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default none */
  readonly onProgress?: (progress: ResourceProgress) => void;
  /** On abort, Terraform completes the current operation, writes the state and releases the lock. */
  readonly signal?: AbortSignal;
}

/** Options for the state lock. */
export interface LockOptions {
  /** False plans without the lock, e.g. with read-only credentials. @default true */
  readonly lock?: boolean;
  /** Time to wait for the lock, e.g. `30s` or `5m`. @default no waiting */
  readonly lockTimeout?: string;
}

/** Options of `init`. */
export interface InitOptions {
  /** Ignores the backend that the folder was used with before. @default only if the backend has changed */
  readonly reconfigure?: boolean;
}

/** Options of `plan`. */
export interface PlanOptions extends LockOptions {
  /** Plans to destroy everything. @default false */
  readonly destroy?: boolean;
  /** Only detects drift. @default false */
  readonly refreshOnly?: boolean;
  /** False plans from the state without reading the resources. @default true */
  readonly refresh?: boolean;
  /** Addresses to plan, with their dependencies. @default all */
  readonly targets?: readonly string[];
  /** Path of the saved plan, which may contain secrets: delete it after use. @default `reelway.tfplan` in the folder */
  readonly out?: string;
}

/** A saved plan. */
export interface SavedPlan {
  /** Whether the plan changes a resource or an output. */
  readonly hasChanges: boolean;
  readonly planPath: string;
  readonly counts: ChangeCounts;
}

const outputsSchema = z.record(z.string(), z.looseObject({ value: z.unknown(), sensitive: z.boolean() }));
/** Outputs of a stack by name. */
export type Outputs = z.output<typeof outputsSchema>;

/** A resource in a stack's state. */
export interface StoredResource {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const showSchema = z.looseObject({
  values: z
    .looseObject({
      root_module: z.looseObject({
        resources: z
          .array(
            z.looseObject({
              address: z.string(),
              mode: z.string(),
              type: z.string(),
              values: z.record(z.string(), z.unknown()),
            }),
          )
          .default([]),
      }),
    })
    .optional(),
});

/**
 * Terraform in a stack's folder. Every method rejects with StateLockedError if the state is locked, with
 * MissingStateError if a stack before it is not deployed, with MissingStateBucketError if the stage is not bootstrapped,
 * else with TerraformError.
 */
export interface Terraform {
  init(options?: InitOptions): Promise<void>;
  plan(options?: PlanOptions): Promise<SavedPlan>;
  /** Returns the output of `terraform show -json` for a saved plan; not validated. */
  show(planPath: string): Promise<unknown>;
  /** Applies a saved plan. */
  apply(planPath: string, options?: LockOptions): Promise<void>;
  /** Destroys all resources of the stack. */
  destroy(options?: LockOptions): Promise<void>;
  output(): Promise<Outputs>;
  /** Reads the state; undefined if it does not exist. */
  pullState(): Promise<StoredState | undefined>;
  /** Writes the state; fails if the backend has another lineage or a newer serial. */
  pushState(text: string, options?: LockOptions): Promise<void>;
  /** Lists the resources in the state, without data sources. */
  resources(): Promise<readonly StoredResource[]>;
  /** Imports an existing resource into the state. */
  import(address: string, id: string): Promise<void>;
}

const remoteStateSchema = z.looseObject({
  data: z
    .looseObject({
      terraform_remote_state: z
        .record(
          z.string(),
          z.looseObject({ config: z.looseObject({ key: z.string().optional() }).optional() }),
        )
        .optional(),
    })
    .optional(),
});

/** Reads the names of the stacks whose state a stack reads, by data source name. A state's key is `stage/stack.tfstate`. */
const readUpstreams = async (directory: string): Promise<ReadonlyMap<string, string>> => {
  const document = remoteStateSchema.safeParse(
    JSON.parse(await readFile(join(directory, "cdk.tf.json"), "utf8").catch(() => "{}")),
  );
  const sources = document.data?.data?.terraform_remote_state ?? {};
  return new Map(
    Object.entries(sources).flatMap(([name, { config }]) =>
      config?.key === undefined ? [] : [[name, basename(config.key, ".tfstate")] as const],
    ),
  );
};

const getLockArguments = ({ lock, lockTimeout }: LockOptions): readonly string[] => [
  ...(lock === false ? ["-lock=false"] : []),
  ...(lockTimeout === undefined ? [] : [`-lock-timeout=${lockTimeout}`]),
];

/** Result of a command with JSON output. */
interface CommandResult {
  readonly result: TerraformResult;
  readonly counts: ChangeCounts;
}

const noChanges: ChangeCounts = { add: 0, change: 0, remove: 0, import: 0 };

/**
 * Opens Terraform in a stack's folder.
 *
 * @throws TerraformUnavailableError if Terraform is missing or too old
 */
export const openTerraform = async (options: TerraformOptions): Promise<Terraform> => {
  const { directory, environment, onProgress, signal } = options;
  const stack = basename(directory);
  await checkTerraform(directory);
  const run = (args: readonly string[], extra: { stdin?: string; onLine?: (line: string) => void } = {}) =>
    runTerraform({
      directory,
      args,
      ...(environment === undefined ? {} : { environment }),
      ...(signal === undefined ? {} : { signal }),
      ...extra,
    });
  const fail = async (args: readonly string[], diagnostics: readonly Diagnostic[], stderr: string) => {
    const [command = ""] = args;
    const operation = `terraform ${command} of ${stack}`;
    throw classifyError(operation, stack, await readUpstreams(directory), diagnostics, stderr);
  };
  /** Runs a command with JSON lines as output. */
  const runJson = async (
    args: readonly string[],
    acceptedExitCodes: readonly number[] = [0],
  ): Promise<CommandResult> => {
    const diagnostics: Diagnostic[] = [];
    let counts = noChanges;
    const onLine = (line: string): void => {
      const message = parseMessage(line);
      if (message?.kind === "progress") onProgress?.(message.progress);
      if (message?.kind === "diagnostic") diagnostics.push(message.diagnostic);
      if (message?.kind === "counts") ({ counts } = message);
    };
    const result = await run(args, { onLine });
    if (!acceptedExitCodes.includes(result.exitCode)) return fail(args, diagnostics, result.stderr);
    return { result, counts };
  };
  /** Runs a command and returns its output. */
  const runText = async (args: readonly string[], stdin?: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(args, stdin === undefined ? {} : { stdin });
    // Commands without JSON output report a lock on stderr.
    const lockDiagnostics = [{ severity: "error", summary: "state lock", detail: stderr }];
    if (exitCode !== 0) return fail(args, stderr.includes("Lock Info:") ? lockDiagnostics : [], stderr);
    return stdout;
  };

  const init: Terraform["init"] = async ({ reconfigure = false } = {}) => {
    const args = ["init", "-input=false", "-json"];
    try {
      await runJson(reconfigure ? [...args, "-reconfigure"] : args);
    } catch (cause) {
      // Synth writes the folder, so its current backend is the right one.
      const isBackendChanged =
        cause instanceof Error && cause.message.includes("Backend configuration changed");
      if (!isBackendChanged || reconfigure) throw cause;
      await runJson([...args, "-reconfigure"]);
    }
  };

  const plan: Terraform["plan"] = async (options = {}) => {
    const planPath = options.out ?? join(directory, "reelway.tfplan");
    const args = ["plan", "-input=false", "-json", "-detailed-exitcode", `-out=${planPath}`];
    if (options.destroy) args.push("-destroy");
    if (options.refreshOnly) args.push("-refresh-only");
    if (options.refresh === false) args.push("-refresh=false");
    args.push(...(options.targets ?? []).map((address) => `-target=${address}`));
    const { result, counts } = await runJson([...args, ...getLockArguments(options)], [0, 2]);
    return { hasChanges: result.exitCode === 2, planPath, counts };
  };

  return {
    init,
    plan,
    show: async (planPath) => JSON.parse(await runText(["show", "-json", "-no-color", planPath])),
    async apply(planPath, options = {}) {
      await runJson(["apply", "-input=false", "-json", ...getLockArguments(options), planPath]);
    },
    async destroy(options = {}) {
      await runJson(["destroy", "-input=false", "-json", "-auto-approve", ...getLockArguments(options)]);
    },
    output: async () => outputsSchema.parse(JSON.parse(await runText(["output", "-json", "-no-color"]))),
    async pullState() {
      return parseState(await runText(["state", "pull"]));
    },
    async pushState(text, options = {}) {
      await runText(["state", "push", ...getLockArguments(options), "-"], text);
    },
    async resources() {
      const { values } = showSchema.parse(JSON.parse(await runText(["show", "-json", "-no-color"])));
      return (values?.root_module.resources ?? []).filter(({ mode }) => mode === "managed");
    },
    async import(address, id) {
      await runText(["import", "-input=false", "-no-color", address, id]);
    },
  };
};
