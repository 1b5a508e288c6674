import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod";
import { failureOf } from "./failures.ts";
import { type ChangeCounts, type Diagnostic, type Progress, readMessage } from "./messages.ts";
import { checkTerraform, runTerraform, type TerraformEnd } from "./program.ts";
import { parseState, type StoredState } from "./state.ts";

/** One stack's folder, and how Terraform is run in it. */
export interface TerraformOptions {
  /** Absolute; its last part is the stack's name in messages. */
  readonly directory: string;
  /** Variables on top of this process's own, e.g. `TF_VAR_worker_image`. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default nobody is told */
  readonly onProgress?: (progress: Progress) => void;
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
  readonly changed: boolean;
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

const storedSchema = z.looseObject({
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

const remoteStates = z.looseObject({
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
  const found = remoteStates.safeParse(
    JSON.parse(await readFile(join(directory, "cdk.tf.json"), "utf8").catch(() => "{}")),
  );
  const sources = found.data?.data?.terraform_remote_state ?? {};
  return new Map(
    Object.entries(sources).flatMap(([name, { config }]) =>
      config?.key === undefined ? [] : [[name, basename(config.key, ".tfstate")] as const],
    ),
  );
};

const lockWords = ({ lock, lockTimeout }: LockOptions): readonly string[] => [
  ...(lock === false ? ["-lock=false"] : []),
  ...(lockTimeout === undefined ? [] : [`-lock-timeout=${lockTimeout}`]),
];

/** What one command told while it ran. */
interface Told {
  readonly end: TerraformEnd;
  readonly counts: ChangeCounts;
}

const nothing: ChangeCounts = { add: 0, change: 0, remove: 0, import: 0 };

/**
 * Opens a stack's folder.
 *
 * @throws NoTerraform where Terraform is missing or too old
 */
export const openTerraform = async (options: TerraformOptions): Promise<Terraform> => {
  const { directory, environment, onProgress, signal } = options;
  const stack = basename(directory);
  await checkTerraform(directory);
  const start = (words: readonly string[], more: { input?: string; onLine?: (line: string) => void } = {}) =>
    runTerraform({
      directory,
      words,
      ...(environment === undefined ? {} : { environment }),
      ...(signal === undefined ? {} : { signal }),
      ...more,
    });
  const fail = async (words: readonly string[], diagnostics: readonly Diagnostic[], said: string) => {
    const [command = ""] = words;
    const what = `terraform ${command} of ${stack}`;
    throw failureOf(what, stack, await readUpstreams(directory), diagnostics, said);
  };
  /** A command that speaks JSON lines. */
  const told = async (words: readonly string[], accepted: readonly number[] = [0]): Promise<Told> => {
    const diagnostics: Diagnostic[] = [];
    let counts = nothing;
    const onLine = (line: string): void => {
      const message = readMessage(line);
      if (message?.kind === "progress") onProgress?.(message.progress);
      if (message?.kind === "diagnostic") diagnostics.push(message.diagnostic);
      if (message?.kind === "counts") ({ counts } = message);
    };
    const end = await start(words, { onLine });
    if (!accepted.includes(end.code)) return fail(words, diagnostics, end.stderr);
    return { end, counts };
  };
  /** A command that prints one document, or nothing. */
  const printed = async (words: readonly string[], input?: string): Promise<string> => {
    const { code, stdout, stderr } = await start(words, input === undefined ? {} : { input });
    // Without JSON Terraform tells of a lock in the text alone.
    const spoken = [{ severity: "error", summary: "state lock", detail: stderr }];
    if (code !== 0) return fail(words, stderr.includes("Lock Info:") ? spoken : [], stderr);
    return stdout;
  };

  const init: Terraform["init"] = async ({ reconfigure = false } = {}) => {
    const words = ["init", "-input=false", "-json"];
    try {
      await told(reconfigure ? [...words, "-reconfigure"] : words);
    } catch (cause) {
      // The folder is made by synth: what it says now is right, not what it was used with before.
      const changed = cause instanceof Error && cause.message.includes("Backend configuration changed");
      if (!changed || reconfigure) throw cause;
      await told([...words, "-reconfigure"]);
    }
  };

  const plan: Terraform["plan"] = async (wanted = {}) => {
    const planPath = wanted.out ?? join(directory, "reelway.tfplan");
    const words = ["plan", "-input=false", "-json", "-detailed-exitcode", `-out=${planPath}`];
    if (wanted.destroy) words.push("-destroy");
    if (wanted.refreshOnly) words.push("-refresh-only");
    if (wanted.refresh === false) words.push("-refresh=false");
    words.push(...(wanted.targets ?? []).map((address) => `-target=${address}`));
    const { end, counts } = await told([...words, ...lockWords(wanted)], [0, 2]);
    return { changed: end.code === 2, planPath, counts };
  };

  return {
    init,
    plan,
    show: async (planPath) => JSON.parse(await printed(["show", "-json", "-no-color", planPath])),
    async apply(planPath, wanted = {}) {
      await told(["apply", "-input=false", "-json", ...lockWords(wanted), planPath]);
    },
    async destroy(wanted = {}) {
      await told(["destroy", "-input=false", "-json", "-auto-approve", ...lockWords(wanted)]);
    },
    output: async () => outputsSchema.parse(JSON.parse(await printed(["output", "-json", "-no-color"]))),
    async pullState() {
      return parseState(await printed(["state", "pull"]));
    },
    async pushState(text, wanted = {}) {
      await printed(["state", "push", ...lockWords(wanted), "-"], text);
    },
    async resources() {
      const { values } = storedSchema.parse(JSON.parse(await printed(["show", "-json", "-no-color"])));
      return (values?.root_module.resources ?? []).filter(({ mode }) => mode === "managed");
    },
    async import(address, id) {
      await printed(["import", "-input=false", "-no-color", address, id]);
    },
  };
};
