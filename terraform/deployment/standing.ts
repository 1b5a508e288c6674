import { join } from "node:path";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";
import { NoStateBucket } from "../runner/failures.ts";
import type { SynthesisedStack } from "../runner/stacks.ts";
import { type StoredState, sameContent } from "../runner/state.ts";
import {
  openTerraform,
  type StoredResource,
  type Terraform,
  type TerraformOptions,
} from "../runner/terraform.ts";
import { StatesDiffer } from "./bootstrap.ts";
import type { DestroyOrder } from "./destroy-order.ts";
import { openWorkingCopy, type WorkingCopy } from "./working-copy.ts";

/** A stack that has resources, and what destroys them. */
export interface Standing {
  readonly stack: SynthesisedStack;
  readonly resources: readonly StoredResource[];
  /** Called once the protection is lifted. */
  readonly open: () => Promise<Terraform>;
  readonly afterwards: () => Promise<void>;
}

/** A destroy needs a value for every variable, whichever it is. */
const variables = { TF_VAR_worker_image: `destroyed@sha256:${"0".repeat(64)}` };

const terraformOptions = (order: DestroyOrder): Omit<TerraformOptions, "directory"> => ({
  environment: { ...(process.env.TF_VAR_worker_image ? {} : variables), ...order.environment },
  ...(order.onProgress === undefined ? {} : { onProgress: order.onProgress }),
  ...(order.signal === undefined ? {} : { signal: order.signal }),
});

/** Terraform on a stack's state in its bucket; undefined where there is no bucket. */
export const openInBucket = async (order: DestroyOrder, { directory }: SynthesisedStack) => {
  const terraform = await openTerraform({ ...terraformOptions(order), directory });
  try {
    await terraform.init();
    return terraform;
  } catch (cause) {
    if (cause instanceof NoStateBucket) return undefined;
    throw cause;
  }
};

/** Whether a stack has resources: whoever depends on it, or it on others, must reckon with it. */
export const stands = async (order: DestroyOrder, stack: SynthesisedStack): Promise<boolean> =>
  ((await (await openInBucket(order, stack))?.pullState())?.resources ?? 0) > 0;

/** What a stack with resources is destroyed by; undefined for one that has none. */
export const findStanding = async (
  order: DestroyOrder,
  stack: SynthesisedStack,
): Promise<Standing | undefined> => {
  const terraform = await openInBucket(order, stack);
  const state = await terraform?.pullState();
  if (terraform === undefined || state === undefined || state.resources === 0) return undefined;
  return {
    stack,
    resources: await terraform.resources(),
    async open() {
      // Synth has written the folder anew since.
      await terraform.init();
      return terraform;
    },
    afterwards: async () => {},
  };
};

/** Which of the two states a destroy goes on from; an earlier one may have been stopped. */
const chooseState = (
  order: DestroyOrder,
  copy: WorkingCopy,
  local: StoredState | undefined,
  remote: StoredState | undefined,
): "local" | "remote" | "none" => {
  const stands = remote !== undefined && remote.resources > 0;
  if (local === undefined) return stands ? "remote" : "none";
  if (!stands) return "local";
  if (sameContent(local, remote)) return "remote";
  if (local.lineage === remote.lineage && local.serial > remote.serial) return "local";
  throw new StatesDiffer(order.stateBucket, remote, copy.directory, local);
};

/** The same of the state stack, whose state must leave the bucket that is destroyed. */
export const findState = async (
  order: DestroyOrder,
  stack: SynthesisedStack,
): Promise<Standing | undefined> => {
  const { folder, say } = order;
  const copy = await openWorkingCopy(stack, folder, terraformOptions(order));
  const inBucket = await openInBucket(order, stack);
  const chosen = chooseState(order, copy, await copy.localState(), await inBucket?.pullState());
  if (chosen === "none") {
    await copy.remove();
    return undefined;
  }
  if (chosen === "local") await copy.useLocal();
  const backup = join(folder, `${stack.stage}.tfstate.backup`);
  return {
    stack,
    resources: (await (chosen === "local" ? copy.terraform : inBucket)?.resources()) ?? [],
    async open() {
      if (chosen === "local") {
        say(`An earlier run was stopped; going on from its state in ${copy.directory}.`);
        await copy.useLocal();
      } else {
        say(`Bringing the state of ${stack.name} home, into ${copy.directory}.`);
        await copy.moveHome();
        const { text } = (await copy.localState()) ?? { text: "" };
        await writeAtomically(backup, text, { mode: 0o600 });
      }
      return copy.terraform;
    },
    async afterwards() {
      await copy.remove();
      say(`What the state of ${stack.name} was before is kept in ${backup}.`);
    },
  };
};
