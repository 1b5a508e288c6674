import type { TaskSize } from "../ports/task-runner.ts";

/**
 * MiB of memory that Fargate offers for a number of CPU units: from, to, step (Amazon ECS developer guide, "Task
 * size").
 */
const fargateSizes: readonly (readonly [cpu: number, from: number, to: number, step: number])[] = [
  [256, 512, 512, 512],
  [256, 1024, 2048, 1024],
  [512, 1024, 4096, 1024],
  [1024, 2048, 8192, 1024],
  [2048, 4096, 16_384, 1024],
  [4096, 8192, 30_720, 1024],
  [8192, 16_384, 61_440, 4096],
  [16_384, 32_768, 122_880, 8192],
];

/** The field of a size that Fargate does not offer, with the valid values; undefined if the size is valid. */
export const findTaskSizeProblem = ({
  cpu,
  memory,
}: TaskSize): { readonly field: keyof TaskSize; readonly message: string } | undefined => {
  const cpuSizes = fargateSizes.filter(([units]) => units === cpu);
  if (cpuSizes.length === 0) {
    const units = [...new Set(fargateSizes.map(([one]) => one))].join(", ");
    return { field: "cpu", message: `must be one of ${units} CPU units, got: ${cpu}` };
  }
  if (cpuSizes.some(([, from, to, step]) => memory >= from && memory <= to && (memory - from) % step === 0))
    return undefined;
  const ranges = cpuSizes.map(([, from, to, step]) =>
    from === to ? `${from}` : `${from} to ${to} in steps of ${step}`,
  );
  return {
    field: "memory",
    message: `with ${cpu} CPU units must be ${ranges.join(", or ")} MiB, got: ${memory}`,
  };
};

/** The next larger Fargate task size: more memory for the same CPU, else more CPU; undefined for the largest. */
export const findNextTaskSize = ({ cpu, memory }: TaskSize): TaskSize | undefined => {
  for (const [units, from, to, step] of fargateSizes) {
    if (units < cpu) continue;
    const next = Math.max(from, from + (Math.floor((memory - from) / step) + 1) * step);
    if (next <= to) return { cpu: units, memory: next };
  }
  return undefined;
};
