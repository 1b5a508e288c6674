import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";
import type { SynthesizedStack } from "../runner/stacks.ts";
import { parseState, type StoredState } from "../runner/state.ts";
import { openTerraform, type Terraform, type TerraformOptions } from "../runner/terraform.ts";

/** Files that Terraform writes, which are not copied. */
const excludedFiles = new Set([".terraform", ".terraform.lock.hcl", "reelway.tfplan"]);
const backendOverrideFile = "backend_override.tf.json";
// Not terraform.tfstate: Terraform would ask to migrate a state of that name.
const stateFile = "state.tfstate";
const localBackend = { terraform: { backend: { local: { path: stateFile } } } };

/** A copy of the state stack's folder with a local state, used while the state bucket does not exist. */
export interface WorkingCopy {
  /** Absolute. */
  readonly directory: string;
  readonly terraform: Terraform;
  /** Reads the local state; undefined if missing or without resources. */
  localState(): Promise<StoredState | undefined>;
  /** Switches Terraform to the local state. */
  useLocalState(): Promise<void>;
  /** Copies the local state into the bucket. */
  moveToBucket(): Promise<void>;
  /** Copies the state from the bucket into the copy and switches Terraform to it. */
  moveToLocal(): Promise<void>;
  /** Removes the copy and its state. */
  remove(): Promise<void>;
}

/**
 * Opens the working copy of a stage's state stack. The synth output stays unchanged.
 *
 * @param parentDirectory folder of the working copies, e.g. `.reelway/state`
 */
export const openWorkingCopy = async (
  stack: SynthesizedStack,
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
      // Not `init -migrate-state -force-copy`, which would overwrite another state; `state push` refuses to.
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
