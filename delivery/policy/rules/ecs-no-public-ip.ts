import { values } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Tasks get no public address. */
export const noPublicIp: Rule = {
  id: "CKV_AWS_333",
  what: "Tasks get no public address.",
  why: "A task with a public address can be reached from, and reach, the whole internet.",
  appliesTo: ["aws_ecs_service", "aws_cloudwatch_event_target", "aws_scheduler_schedule"],
  check: ({ body }) =>
    unless(
      ![
        ...values(body, "network_configuration", "assign_public_ip"),
        ...values(body, "ecs_target", "network_configuration", "assign_public_ip"),
        ...values(body, "target", "ecs_parameters", "network_configuration", "assign_public_ip"),
      ].some((value) => value !== false && value !== "false"),
      "gives its tasks a public address",
      "Set assign_public_ip to false and give the tasks VPC endpoints.",
    ),
};
