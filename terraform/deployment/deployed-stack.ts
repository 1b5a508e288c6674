import { join } from "node:path";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";
import { MissingStateBucketError } from "../runner/errors.ts";
import type { SynthesizedStack } from "../runner/stacks.ts";
import { isSameContent, type StoredState } from "../runner/state.ts";
import {
  openTerraform,
  type StoredResource,
  type Terraform,
  type TerraformOptions,
} from "../runner/terraform.ts";
import { StateConflictError } from "./bootstrap.ts";
import type { DestroyOptions } from "./destroy-options.ts";
import { openWorkingCopy, type WorkingCopy } from "./working-copy.ts";

/** A stack with resources, and the functions to destroy them. */
export interface DeployedStack {
  readonly stack: SynthesizedStack;
  readonly resources: readonly StoredResource[];
  /** Opens Terraform; called after the protection was removed. */
  readonly open: () => Promise<Terraform>;
  readonly cleanUp: () => Promise<void>;
}

/** Values for variables that Terraform requires but a destroy does not use. */
const placeholderVariables = { TF_VAR_worker_image: `destroyed@sha256:${"0".repeat(64)}` };

const getTerraformOptions = (options: DestroyOptions): Omit<TerraformOptions, "directory"> => ({
  environment: { ...(process.env.TF_VAR_worker_image ? {} : placeholderVariables), ...options.environment },
  ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  ...(options.signal === undefined ? {} : { signal: options.signal }),
});

/** Opens Terraform on a stack's remote state; undefined if the state bucket does not exist. */
export const openRemoteState = async (options: DestroyOptions, { directory }: SynthesizedStack) => {
  const terraform = await openTerraform({ ...getTerraformOptions(options), directory });
  try {
    await terraform.init();
    return terraform;
  } catch (cause) {
    if (cause instanceof MissingStateBucketError) return undefined;
    throw cause;
  }
};

/** Whether a stack has resources in its state. */
export const isDeployed = async (options: DestroyOptions, stack: SynthesizedStack): Promise<boolean> =>
  ((await (await openRemoteState(options, stack))?.pullState())?.resourceCount ?? 0) > 0;

/** Reads a deployed stack; undefined for a stack without resources. */
export const findDeployedStack = async (
  options: DestroyOptions,
  stack: SynthesizedStack,
): Promise<DeployedStack | undefined> => {
  const terraform = await openRemoteState(options, stack);
  const state = await terraform?.pullState();
  if (terraform === undefined || state === undefined || state.resourceCount === 0) return undefined;
  return {
    stack,
    resources: await terraform.resources(),
    async open() {
      // The second synth has replaced the folder.
      await terraform.init();
      return terraform;
    },
    cleanUp: async () => {},
  };
};

/** Chooses the state that a destroy continues with; an earlier destroy may have been interrupted. */
const chooseStateLocation = (
  options: DestroyOptions,
  copy: WorkingCopy,
  local: StoredState | undefined,
  remote: StoredState | undefined,
): "local" | "remote" | "none" => {
  const hasRemoteState = remote !== undefined && remote.resourceCount > 0;
  if (local === undefined) return hasRemoteState ? "remote" : "none";
  if (!hasRemoteState) return "local";
  if (isSameContent(local, remote)) return "remote";
  if (local.lineage === remote.lineage && local.serial > remote.serial) return "local";
  throw new StateConflictError(options.stateBucket, remote, copy.directory, local);
};

/** Reads the deployed state stack; its state is moved out of the bucket before the bucket is destroyed. */
export const findDeployedStateStack = async (
  options: DestroyOptions,
  stack: SynthesizedStack,
): Promise<DeployedStack | undefined> => {
  const { workingDirectory, report } = options;
  const copy = await openWorkingCopy(stack, workingDirectory, getTerraformOptions(options));
  const remoteTerraform = await openRemoteState(options, stack);
  const stateLocation = chooseStateLocation(
    options,
    copy,
    await copy.localState(),
    await remoteTerraform?.pullState(),
  );
  if (stateLocation === "none") {
    await copy.remove();
    return undefined;
  }
  if (stateLocation === "local") await copy.useLocalState();
  const backupPath = join(workingDirectory, `${stack.stage}.tfstate.backup`);
  return {
    stack,
    resources: (await (stateLocation === "local" ? copy.terraform : remoteTerraform)?.resources()) ?? [],
    async open() {
      if (stateLocation === "local") {
        report(`An earlier run was interrupted; continuing with its state in ${copy.directory}.`);
        await copy.useLocalState();
      } else {
        report(`Moving the state of ${stack.name} from the bucket to ${copy.directory}.`);
        await copy.moveToLocal();
        const { text } = (await copy.localState()) ?? { text: "" };
        await writeAtomically(backupPath, text, { mode: 0o600 });
      }
      return copy.terraform;
    },
    async cleanUp() {
      await copy.remove();
      report(`A backup of the state of ${stack.name} is in ${backupPath}.`);
    },
  };
};
