import { type BlockBody, getBlocks, getStrings, getValues } from "../block-values.ts";
import type { Block, ResourceGraph } from "../resource-graph.ts";
import type { Rule } from "../rule.ts";

/** Where a block says how tasks are connected. */
const getNetworkConfigurations = ({ body }: Block): readonly BlockBody[] => [
  ...getBlocks(body, "network_configuration"),
  ...getBlocks(body, "ecs_target", "network_configuration"),
  ...getBlocks(body, "target", "ecs_parameters", "network_configuration"),
];

/** Whether the tasks' subnets have a way to the internet of their own: the stage's network is public by option. */
const isPublicNetwork = (block: Block, graph: ResourceGraph): boolean =>
  getNetworkConfigurations(block).some((network) =>
    getStrings(network, "subnets").some((subnets) => {
      const subnet = graph.find(block, subnets, "aws_subnet");
      return graph.ofType("aws_internet_gateway").some(({ stack }) => stack === subnet?.stack);
    }),
  );

/** Tasks get no public address. */
export const noPublicIp: Rule = {
  id: "CKV_AWS_333",
  description: "Tasks get no public address.",
  rationale: "A task with a public address can be reached from, and reach, the whole internet.",
  appliesTo: ["aws_ecs_service", "aws_cloudwatch_event_target", "aws_scheduler_schedule"],
  check: (block, graph) =>
    getNetworkConfigurations(block)
      .flatMap((network) => getValues(network, "assign_public_ip"))
      .filter((value) => value !== false && value !== "false")
      .map(() => ({
        message: "gives its tasks a public address",
        fix: "Set assign_public_ip to false and give the tasks VPC endpoints.",
        ...(isPublicNetwork(block, graph) ? { part: "public network" } : {}),
      })),
};
