import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { SynthesisedStack } from "../runner/stacks.ts";

/** Prices of us-east-1 in US dollars, of November 2026; other regions cost up to twice as much. */
const prices = {
  /** An interface endpoint in one zone, by the hour: https://aws.amazon.com/privatelink/pricing/ */
  endpointHour: 0.01,
  /** What goes through one, by the GB, up to a PB a month: the same page. */
  endpointGigabyte: 0.01,
  /** A public IPv4 address in use, by the hour: https://aws.amazon.com/vpc/pricing/ */
  addressHour: 0.005,
} as const;
/** Hours of a month as AWS reckons. */
const monthHours = 730;

/** How tasks of a stage reach AWS. */
export interface NetworkPlan {
  /** Each interface endpoint once for each zone it stands in; none: tasks have public addresses. */
  readonly endpointZones: number;
}

/** What the network costs before anything goes through it. */
export interface NetworkCost {
  /** US dollars a month, whether tasks run or not. */
  readonly idle: number;
  /** US dollars for each hour that one task runs, on top of the task itself. */
  readonly taskHour: number;
  /** US dollars for each GB that is neither S3's nor DynamoDB's. */
  readonly gigabyte: number;
}

/** Reckons it; S3 and DynamoDB are reached through gateways, which cost nothing. */
export const networkCost = ({ endpointZones }: NetworkPlan): NetworkCost => ({
  idle: endpointZones * prices.endpointHour * monthHours,
  taskHour: endpointZones === 0 ? prices.addressHour : 0,
  gigabyte: endpointZones === 0 ? 0 : prices.endpointGigabyte,
});

/** In cents, and in tenths of one where that says more. */
const dollars = (amount: number): string => `$${amount.toFixed(3).replace(/0$/, "")}`;

/** The cost in words, the other choice beside it. */
export const networkCostText = (plan: NetworkPlan): string => {
  const { idle, taskHour, gigabyte } = networkCost(plan);
  return plan.endpointZones === 0
    ? `The network costs nothing while no task runs, and ${dollars(taskHour)} for each hour of a task (its public IPv4 address; at us-east-1's prices).`
    : `The network costs ${dollars(idle)} a month (${plan.endpointZones} interface endpoints, one per service and zone), and ${dollars(gigabyte)} for each GB through them, at us-east-1's prices. ` +
        `network: "public" costs nothing while no task runs, and ${dollars(networkCost({ endpointZones: 0 }).taskHour)} for each hour of a task.`;
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

/** Reads from a synthesised stack which endpoints its network has. */
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
