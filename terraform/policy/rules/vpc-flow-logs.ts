import { failUnless, type Rule } from "../rule.ts";

/** Every VPC has flow logs. */
export const flowLogs: Rule = {
  id: "CKV2_AWS_11",
  description: "Every VPC has flow logs.",
  rationale: "Without flow logs, the connections of a compromised task cannot be traced.",
  appliesTo: ["aws_vpc"],
  check: (network, graph) =>
    failUnless(
      graph.relatedTo(network, "aws_flow_log", "vpc_id").length > 0,
      "has no flow logs",
      "Add an aws_flow_log for it.",
    ),
};
