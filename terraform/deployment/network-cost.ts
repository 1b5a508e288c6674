import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { SynthesisedStack } from "../runner/stacks.ts";

/** Prices in us-east-1, US dollars, November 2026. Other regions cost up to twice as much. */
const prices = {
  /** An interface endpoint in one zone, per hour: https://aws.amazon.com/privatelink/pricing/ */
  endpointHour: 0.01,
  /** Data processed by an endpoint, per GB, up to 1 PB a month: the same page. */
  endpointGigabyte: 0.01,
  /** A public IPv4 address in use, per hour: https://aws.amazon.com/vpc/pricing/ */
  addressHour: 0.005,
} as const;
/** Hours per month in AWS's price examples. */
const monthHours = 730;

/** How the tasks of a stage reach AWS. */
export interface NetworkPlan {
  /** Number of interface endpoints times zones; 0 if tasks have public addresses. */
  readonly endpointZones: number;
}

/** Costs of a network. */
export interface NetworkCost {
  /** US dollars per month, whether tasks run or not. */
  readonly idle: number;
  /** US dollars per hour of a task, in addition to the task itself. */
  readonly taskHour: number;
  /** US dollars per GB, except traffic of S3 and DynamoDB. */
  readonly gigabyte: number;
}

/** Computes the costs. S3 and DynamoDB are reached through gateway endpoints, which are free. */
export const networkCost = ({ endpointZones }: NetworkPlan): NetworkCost => ({
  idle: endpointZones * prices.endpointHour * monthHours,
  taskHour: endpointZones === 0 ? prices.addressHour : 0,
  gigabyte: endpointZones === 0 ? 0 : prices.endpointGigabyte,
});

/** Formats dollars with two decimals, or three if the third is not zero. */
const dollars = (amount: number): string => `$${amount.toFixed(3).replace(/0$/, "")}`;

/** Describes the costs, with those of the public network for comparison. */
export const networkCostText = (plan: NetworkPlan): string => {
  const { idle, taskHour, gigabyte } = networkCost(plan);
  return plan.endpointZones === 0
    ? `The network costs nothing while no task runs, and ${dollars(taskHour)} per hour of a task (its public IPv4 address; prices of us-east-1).`
    : `The network costs ${dollars(idle)} a month (${plan.endpointZones} interface endpoints, one per service and zone), and ${dollars(gigabyte)} per GB through them (prices of us-east-1). ` +
        `network: "public" costs nothing while no task runs, and ${dollars(networkCost({ endpointZones: 0 }).taskHour)} per hour of a task.`;
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

/** Reads the endpoints of a synthesised stack's network. */
export const readNetworkPlan = async ({
  directory,
}: Pick<SynthesisedStack, "directory">): Promise<NetworkPlan> => {
  const text = await readFile(join(directory, "cdk.tf.json"), "utf8");
  const endpoints = Object.values(computeStack.parse(JSON.parse(text)).resource.aws_vpc_endpoint);
  const zones = endpoints.map((one) =>
    one.vpc_endpoint_type === "Interface" ? (one.subnet_ids?.length ?? 0) : 0,
  );
  return { endpointZones: zones.reduce((sum, count) => sum + count, 0) };
};
