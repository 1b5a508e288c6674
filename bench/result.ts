/** One line of the table. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  /** Smallest and largest of the measurements whose median the value is. */
  readonly spread?: readonly [least: number, most: number];
  /** e.g. `KB`, `×`, `decisions/s` */
  readonly unit: string;
  /** What the project wants to reach; absent: told for interest. */
  readonly target?: { readonly atMost: number };
}

/** Whether a result reaches its target; undefined where there is none. */
export const isTargetMet = ({ value, target }: BenchResult): boolean | undefined =>
  target === undefined ? undefined : value <= target.atMost;
