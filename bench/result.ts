/** One benchmark result. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  /** Minimum and maximum of the measurements, if the value is their median. */
  readonly spread?: readonly [least: number, most: number];
  /** E.g. `KB`, `×`, `decisions/s`. */
  readonly unit: string;
  /** Target; undefined for information only. */
  readonly target?: { readonly atMost: number };
}

/** Whether a result meets its target; undefined without a target. */
export const isTargetMet = ({ value, target }: BenchResult): boolean | undefined =>
  target === undefined ? undefined : value <= target.atMost;
