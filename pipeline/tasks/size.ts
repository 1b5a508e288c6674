/** MiB of memory that Fargate offers for so many CPU units: from, to, step (Amazon ECS developer guide, "Task size"). */
const sizes: readonly (readonly [cpu: number, from: number, to: number, step: number])[] = [
  [256, 512, 512, 512],
  [256, 1024, 2048, 1024],
  [512, 1024, 4096, 1024],
  [1024, 2048, 8192, 1024],
  [2048, 4096, 16_384, 1024],
  [4096, 8192, 30_720, 1024],
  [8192, 16_384, 61_440, 4096],
  [16_384, 32_768, 122_880, 8192],
];

/**
 * The next larger size of a Fargate task: more memory for the same CPU, else the next CPU.
 *
 * @returns in words, e.g. `1 vCPU with 4 GB`; undefined for the largest
 */
export const nextTaskSize = (cpu: number, memory: number): string | undefined => {
  for (const [units, from, to, step] of sizes) {
    if (units < cpu) continue;
    const next = Math.max(from, from + (Math.floor((memory - from) / step) + 1) * step);
    if (next <= to) return `${units / 1024} vCPU with ${next / 1024} GB`;
  }
  return undefined;
};
