import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";
import type { SynthesisedStack } from "../runner/stacks.ts";
import { parseState, type StoredState } from "../runner/state.ts";
import { openTerraform, type Terraform, type TerraformOptions } from "../runner/terraform.ts";

/** Files that belong to a folder's use, not to what was synthesised. */
const excludedFiles = new Set([".terraform", ".terraform.lock.hcl", "reelway.tfplan"]);
const backendOverrideFile = "backend_override.tf.json";
// Not terraform.tfstate: where such a file lies, Terraform takes it for the state to migrate, and asks.
const stateFile = "state.tfstate";
const localBackend = { terraform: { backend: { local: { path: stateFile } } } };

/** The state stack's folder once more, so that its state can lie beside it while there is no bucket for it. */
export interface WorkingCopy {
  /** Absolute. */
  readonly directory: string;
  readonly terraform: Terraform;
  /** The state that lies beside the copy; undefined where there is none or it holds nothing. */
  localState(): Promise<StoredState | undefined>;
  /** Works on the local state from now on. */
  useLocalState(): Promise<void>;
  /** Copies the local state into the bucket. */
  moveToBucket(): Promise<void>;
  /** Copies the state from the bucket beside the copy, and works on it from now on. */
  moveToLocal(): Promise<void>;
  /** Removes the copy with its state. */
  remove(): Promise<void>;
}

/**
 * Opens the working copy of a stage's state stack; what was synthesised stays as it is.
 *
 * @param parentDirectory where working copies lie, e.g. `.reelway/state`
 */
export const openWorkingCopy = async (
  stack: SynthesisedStack,
  parentDirectory: string,
  options: Omit<TerraformOptions, "directory">,
): Promise<WorkingCopy> => {
  const directory = join(parentDirectory, stack.name);
  await mkdir(directory, { recursive: true });
  const terraform = await openTerraform({ ...options, directory });
  const copyStack = async (): Promise<void> => {
    await cp(stack.directory, directory, {
      recursive: true,
      filter: (path) => path === stack.directory || !excludedFiles.has(basename(path)),
    });
  };
  const writeBackendOverride = () =>
    writeFile(join(directory, backendOverrideFile), JSON.stringify(localBackend));
  const removeBackendOverride = () => rm(join(directory, backendOverrideFile), { force: true });
  return {
    directory,
    terraform,
    async localState() {
      const text = await readFile(join(directory, stateFile), "utf8").catch(() => "");
      const state = parseState(text);
      return state === undefined || state.resourceCount === 0 ? undefined : state;
    },
    async useLocalState() {
      await copyStack();
      await writeBackendOverride();
      await terraform.init({ reconfigure: true });
    },
    async moveToBucket() {
      const { text } = (await terraform.pullState()) ?? { text: "" };
      await removeBackendOverride();
      await terraform.init({ reconfigure: true });
      // Not `init -migrate-state -force-copy`, which would overwrite another state; a push refuses to.
      await terraform.pushState(text);
    },
    async moveToLocal() {
      await copyStack();
      await removeBackendOverride();
      await terraform.init({ reconfigure: true });
      const { text } = (await terraform.pullState()) ?? { text: "" };
      await writeAtomically(join(directory, stateFile), text, { mode: 0o600 });
      await writeBackendOverride();
      await terraform.init({ reconfigure: true });
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
};
