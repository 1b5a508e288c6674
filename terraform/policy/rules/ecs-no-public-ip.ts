import { type Body, bodies, texts, values } from "../block-values.ts";
import type { Block, Estate } from "../estate.ts";
import type { Rule } from "../rule.ts";

/** Where a block says how tasks are connected. */
const networks = ({ body }: Block): readonly Body[] => [
  ...bodies(body, "network_configuration"),
  ...bodies(body, "ecs_target", "network_configuration"),
  ...bodies(body, "target", "ecs_parameters", "network_configuration"),
];

/** Whether the tasks' subnets have a way to the internet of their own: the stage's network is public by option. */
const isPublic = (block: Block, estate: Estate): boolean =>
  networks(block).some((network) =>
    texts(network, "subnets").some((subnets) => {
      const subnet = estate.find(block, subnets, "aws_subnet");
      return estate.ofType("aws_internet_gateway").some(({ stack }) => stack === subnet?.stack);
    }),
  );

/** Tasks get no public address. */
export const noPublicIp: Rule = {
  id: "CKV_AWS_333",
  what: "Tasks get no public address.",
  why: "A task with a public address can be reached from, and reach, the whole internet.",
  appliesTo: ["aws_ecs_service", "aws_cloudwatch_event_target", "aws_scheduler_schedule"],
  check: (block, estate) =>
    networks(block)
      .flatMap((network) => values(network, "assign_public_ip"))
      .filter((value) => value !== false && value !== "false")
      .map(() => ({
        wrong: "gives its tasks a public address",
        fix: "Set assign_public_ip to false and give the tasks VPC endpoints.",
        ...(isPublic(block, estate) ? { part: "public network" } : {}),
      })),
};
