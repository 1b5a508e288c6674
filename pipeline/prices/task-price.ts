import { priceTable } from "./price-table.ts";

/** What Fargate bills of a task. */
export interface BilledTask {
  /** CPU units, 1024 for one vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  readonly architecture: "X86_64" | "ARM64";
  /** Ephemeral storage. */
  readonly scratchGiB: number;
  readonly hasPublicAddress: boolean;
}

/** A part of what a task costs. */
export interface TaskPrice {
  readonly resource: "vcpu" | "memoryGb" | "storageGb" | "publicIpv4";
  /** Number of vCPUs, GB or addresses that are billed. */
  readonly quantity: number;
  /** US dollars for one of them and hour. */
  readonly usdPerHour: number;
}

/** Ephemeral storage of each task that costs nothing. */
const freeStorageGb = 20;

/** Lists what a task on demand costs for each hour. Parts that cost nothing are left out. */
export const listTaskPrices = ({
  cpu,
  memory,
  architecture,
  scratchGiB,
  hasPublicAddress,
}: BilledTask): readonly TaskPrice[] => {
  const { fargate, vpc } = priceTable.services;
  const prices: readonly TaskPrice[] = [
    {
      resource: "vcpu",
      quantity: cpu / 1024,
      usdPerHour: architecture === "ARM64" ? fargate.armPerVcpuHour : fargate.x86PerVcpuHour,
    },
    {
      resource: "memoryGb",
      quantity: memory / 1024,
      usdPerHour: architecture === "ARM64" ? fargate.armPerGbHour : fargate.x86PerGbHour,
    },
    {
      resource: "storageGb",
      quantity: Math.max(0, scratchGiB - freeStorageGb),
      usdPerHour: fargate.ephemeralStoragePerGbHour,
    },
    { resource: "publicIpv4", quantity: hasPublicAddress ? 1 : 0, usdPerHour: vpc.publicIpv4PerHour },
  ];
  return prices.filter(({ quantity }) => quantity > 0);
};

/** Computes what a task on demand costs for each hour, US dollars. */
export const computeTaskUsdPerHour = (task: BilledTask): number =>
  listTaskPrices(task).reduce((sum, { quantity, usdPerHour }) => sum + quantity * usdPerHour, 0);
