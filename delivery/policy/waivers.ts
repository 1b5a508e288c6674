/** A rule that does not hold for some resources, and why that is right. */
export interface Waiver {
  /** Id of the rule. */
  readonly rule: string;
  /** Stack and address, e.g. `*-storage/aws_s3_bucket.logs_*`; `*` stands for anything. */
  readonly address: string;
  readonly reason: string;
  /** The option of `reelway.config.ts` without which there is nothing to waive. */
  readonly option?: string;
}

/** Every exception there is. One that matches nothing is an error itself. */
export const waivers: readonly Waiver[] = [];
