import { type BlockBody, getBlocks, getStrings, getValues } from "../block-values.ts";
import type { Block, ResourceGraph } from "../resource-graph.ts";
import type { Rule } from "../rule.ts";

/** Returns the network configurations of a block's tasks. */
const getNetworkConfigurations = ({ body }: Block): readonly BlockBody[] => [
  ...getBlocks(body, "network_configuration"),
  ...getBlocks(body, "ecs_target", "network_configuration"),
  ...getBlocks(body, "target", "ecs_parameters", "network_configuration"),
];

/** Whether the tasks' subnets are in a stack with an internet gateway, as with the option `network: "public"`. */
const isPublicNetwork = (block: Block, graph: ResourceGraph): boolean =>
  getNetworkConfigurations(block).some((network) =>
    getStrings(network, "subnets").some((subnets) => {
      const subnet = graph.find(block, subnets, "aws_subnet");
      return graph.ofType("aws_internet_gateway").some(({ stack }) => stack === subnet?.stack);
    }),
  );

/** Tasks have no public IP address. */
export const noPublicIp: Rule = {
  id: "CKV_AWS_333",
  description: "Tasks have no public IP address.",
  rationale: "A task with a public IP address can reach the internet and be reached from it.",
  appliesTo: ["aws_ecs_service", "aws_cloudwatch_event_target", "aws_scheduler_schedule"],
  check: (block, graph) =>
    getNetworkConfigurations(block)
      .flatMap((network) => getValues(network, "assign_public_ip"))
      .filter((value) => value !== false && value !== "false")
      .map(() => ({
        message: "gives its tasks a public IP address",
        fix: "Set assign_public_ip to false and give the tasks VPC endpoints.",
        ...(isPublicNetwork(block, graph) ? { part: "public network" } : {}),
      })),
};
