import type { SynthesizedStack } from "../runner/stacks.ts";
import type { TerraformOptions } from "../runner/terraform.ts";
import type { ContentClients } from "./stack-contents.ts";

/** Options of `destroyStacks`. */
export interface DestroyOptions extends ContentClients, Omit<TerraformOptions, "directory"> {
  /** All stacks of the stage, in the order of their application. */
  readonly stacks: readonly SynthesizedStack[];
  /** Names of the stacks to destroy, e.g. `routing`. */
  readonly include: readonly string[];
  /** Bucket of the stage's states. */
  readonly stateBucket: string;
  /** Folder for the local copy of the state stack's state, e.g. `.reelway/state`. */
  readonly workingDirectory: string;
  /** Whether to delete the contents of buckets and repositories. */
  readonly shouldDeleteObjects: boolean;
  /** Synthesizes the stacks with the protection of the named ones removed. */
  readonly synthesize: (unprotected: readonly string[]) => Promise<unknown>;
  readonly confirm: (question: string) => Promise<boolean>;
  readonly report: (line: string) => void;
  /** Terraform's `-lock-timeout`, e.g. `5m`. @default no waiting */
  readonly lockTimeout?: string;
}
