import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { priceTable } from "../../pipeline/prices/price-table.ts";
import type { SynthesizedStack } from "../runner/stacks.ts";

/** How tasks of a stage reach AWS. */
export interface NetworkPlan {
  /** Each interface endpoint once for each Availability Zone it is in; 0: tasks have public addresses. */
  readonly endpointZoneCount: number;
}

/** What the network costs, in US dollars. */
export interface NetworkCost {
  /** Whether tasks run or not. */
  readonly perMonth: number;
  /** While a task runs, on top of the task itself. */
  readonly perTaskHour: number;
  /** Traffic other than S3's and DynamoDB's, whose gateway endpoints are free. */
  readonly perGb: number;
}

export const estimateNetworkCost = ({ endpointZoneCount }: NetworkPlan): NetworkCost => {
  const { privatelink, vpc } = priceTable.services;
  return endpointZoneCount === 0
    ? { perMonth: 0, perTaskHour: vpc.publicIpv4PerHour, perGb: 0 }
    : {
        perMonth: endpointZoneCount * privatelink.interfaceEndpointPerHour * priceTable.hoursPerMonth,
        perTaskHour: 0,
        perGb: privatelink.interfaceEndpointPerGb,
      };
};

/** To the cent, or to a tenth of one. */
const formatDollars = (amount: number): string => `$${amount.toFixed(3).replace(/0$/, "")}`;

/** The cost in words, with the alternative. */
export const describeNetworkCost = (plan: NetworkPlan): string => {
  const { perMonth, perTaskHour, perGb } = estimateNetworkCost(plan);
  const { region } = priceTable;
  return plan.endpointZoneCount === 0
    ? `The network costs nothing while no task runs, and ${formatDollars(perTaskHour)} for each hour of a task (its public IPv4 address; at ${region} prices).`
    : `The network costs ${formatDollars(perMonth)} a month (${plan.endpointZoneCount} interface endpoints, one per service and Availability Zone), and ${formatDollars(perGb)} for each GB through them, at ${region} prices. ` +
        `network: "public" costs nothing while no task runs, and ${formatDollars(estimateNetworkCost({ endpointZoneCount: 0 }).perTaskHour)} for each hour of a task.`;
};

const computeStack = z.looseObject({
  resource: z.looseObject({
    aws_vpc_endpoint: z
      .record(
        z.string(),
        z.looseObject({
          vpc_endpoint_type: z.string().optional(),
          subnet_ids: z.array(z.string()).optional(),
        }),
      )
      .default({}),
  }),
});

/** Reads from a synthesized stack which endpoints its network has. */
export const readNetworkPlan = async ({
  directory,
}: Pick<SynthesizedStack, "directory">): Promise<NetworkPlan> => {
  const text = await readFile(join(directory, "cdk.tf.json"), "utf8");
  const endpoints = Object.values(computeStack.parse(JSON.parse(text)).resource.aws_vpc_endpoint);
  const zoneCounts = endpoints.map((endpoint) =>
    endpoint.vpc_endpoint_type === "Interface" ? (endpoint.subnet_ids?.length ?? 0) : 0,
  );
  return { endpointZoneCount: zoneCounts.reduce((sum, count) => sum + count, 0) };
};
