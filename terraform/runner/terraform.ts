import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod";
import { classifyError } from "./errors.ts";
import { type ChangeCounts, type Diagnostic, parseMessage, type ResourceProgress } from "./messages.ts";
import { parseState, type StoredState } from "./state.ts";
import { checkTerraform, runTerraform, type TerraformResult } from "./terraform-process.ts";

/** One stack's folder, and how Terraform is run in it. */
export interface TerraformOptions {
  /** Absolute; its last part is the stack's name in messages. */
  readonly directory: string;
  /** Variables on top of this process's own, e.g. `TF_VAR_worker_image`. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default nobody is told */
  readonly onProgress?: (progress: ResourceProgress) => void;
  /** Aborted: Terraform ends what it is at, writes the state and gives the lock back. */
  readonly signal?: AbortSignal;
}

/** How long, and whether, to wait for the state's lock. */
export interface LockOptions {
  /** false plans without the lock, as those do who may only read. @default true */
  readonly lock?: boolean;
  /** As Terraform takes it: `30s`, `5m`. @default it does not wait */
  readonly lockTimeout?: string;
}

export interface InitOptions {
  /** Forgets which backend the folder was used with before. @default only where the backend has changed */
  readonly reconfigure?: boolean;
}

export interface PlanOptions extends LockOptions {
  /** Plans to destroy everything. @default false */
  readonly destroy?: boolean;
  /** Only looks for what changed behind Terraform's back. @default false */
  readonly refreshOnly?: boolean;
  /** false takes the state's word for what stands. @default true */
  readonly refresh?: boolean;
  /** Plans these addresses alone, with what they depend on. @default all */
  readonly targets?: readonly string[];
  /** Path of the plan's file; it may hold secrets: delete it after use. @default `reelway.tfplan` in the folder */
  readonly out?: string;
}

/** A saved plan. */
export interface SavedPlan {
  /** Whether applying it would change a resource or an output. */
  readonly hasChanges: boolean;
  readonly planPath: string;
  readonly counts: ChangeCounts;
}

const outputsSchema = z.record(z.string(), z.looseObject({ value: z.unknown(), sensitive: z.boolean() }));
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
 * Terraform in one stack's folder. Every method rejects with StateLocked where another holds the lock, with
 * NoStoredState where a stack before this one was not applied, with NoStateBucket where nothing was bootstrapped, else
 * with TerraformFailed, which has Terraform's words.
 */
export interface Terraform {
  init(options?: InitOptions): Promise<void>;
  plan(options?: PlanOptions): Promise<SavedPlan>;
  /** The saved plan as the document that `terraform show -json` prints: parse it before use. */
  show(planPath: string): Promise<unknown>;
  /** Applies a saved plan. */
  apply(planPath: string, options?: LockOptions): Promise<void>;
  /** Plans to destroy everything, and does. */
  destroy(options?: LockOptions): Promise<void>;
  output(): Promise<Outputs>;
  /** undefined where there is none yet. */
  pullState(): Promise<StoredState | undefined>;
  /** Refused where another state, or a later one, is there already. */
  pushState(text: string, options?: LockOptions): Promise<void>;
  /** The resources that the state holds, data sources left out. */
  resources(): Promise<readonly StoredResource[]>;
  /** Takes what stands already into the state. */
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

/** The stacks that a folder reads the state of, by the name of the data source; a state's key is `stage/stack.tfstate`. */
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

/** What one command told while it ran. */
interface CommandResult {
  readonly result: TerraformResult;
  readonly counts: ChangeCounts;
}

const noChanges: ChangeCounts = { add: 0, change: 0, remove: 0, import: 0 };

/**
 * Opens a stack's folder.
 *
 * @throws TerraformUnavailableError where Terraform is missing or too old
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
  /** A command that speaks JSON lines. */
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
  /** A command that prints one document, or nothing. */
  const runText = async (args: readonly string[], stdin?: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(args, stdin === undefined ? {} : { stdin });
    // Without JSON Terraform tells of a lock in the text alone.
    const lockDiagnostics = [{ severity: "error", summary: "state lock", detail: stderr }];
    if (exitCode !== 0) return fail(args, stderr.includes("Lock Info:") ? lockDiagnostics : [], stderr);
    return stdout;
  };

  const init: Terraform["init"] = async ({ reconfigure = false } = {}) => {
    const args = ["init", "-input=false", "-json"];
    try {
      await runJson(reconfigure ? [...args, "-reconfigure"] : args);
    } catch (cause) {
      // The folder is made by synth: what it says now is right, not what it was used with before.
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
