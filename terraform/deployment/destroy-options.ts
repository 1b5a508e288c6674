import type { SynthesisedStack } from "../runner/stacks.ts";
import type { TerraformOptions } from "../runner/terraform.ts";
import type { ContentClients } from "./stack-contents.ts";

/** What is to be destroyed of a stage. */
export interface DestroyOptions extends ContentClients, Omit<TerraformOptions, "directory"> {
  /** All of the stage, in the order they are applied. */
  readonly stacks: readonly SynthesisedStack[];
  /** Names of those to destroy: `routing`. */
  readonly include: readonly string[];
  /** Bucket of the stage's states. */
  readonly stateBucket: string;
  /** Folder that the state of the state stack comes home to, e.g. `.reelway/state`. */
  readonly workingDirectory: string;
  /** Whether what is in buckets and repositories goes, too. */
  readonly shouldDeleteObjects: boolean;
  /** Synthesises the stacks again, with the protection of these lifted; of none: as they are. */
  readonly synthesise: (unprotected: readonly string[]) => Promise<unknown>;
  readonly confirm: (question: string) => Promise<boolean>;
  readonly report: (line: string) => void;
  /** As Terraform takes it. @default it does not wait for a lock */
  readonly lockTimeout?: string;
}
