import { failUnless, type Rule } from "../rule.ts";

/** Every network has flow logs. */
export const flowLogs: Rule = {
  id: "CKV2_AWS_11",
  description: "Every network has flow logs.",
  rationale: "Nobody could say what a task that was taken over talked to.",
  appliesTo: ["aws_vpc"],
  check: (network, graph) =>
    failUnless(
      graph.relatedTo(network, "aws_flow_log", "vpc_id").length > 0,
      "has no flow logs",
      "Add an aws_flow_log for it.",
    ),
};
