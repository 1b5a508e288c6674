import { getString } from "../block-values.ts";
import { checkPolicyField } from "../policy-checks.ts";
import { failUnless, type Rule } from "../rule.ts";
import type { Statement } from "../statements.ts";

const namesPrincipal = ({ conditions }: Statement): boolean =>
  conditions.some(
    ({ operator, key }) =>
      /^aws:Principal(Arn|Account)$/i.test(key) && /^(String|Arn)(Equals|Like)$/.test(operator),
  );

/** Endpoints have a policy that names resources or principals. */
export const endpointPolicy: Rule = {
  id: "REELWAY_ENDPOINT_POLICY",
  description: "VPC endpoints allow the stage's resources, or named principals.",
  rationale:
    "Without a policy, a compromised task can send media to any bucket, table or log group of any account, with credentials of its own.",
  appliesTo: ["aws_vpc_endpoint"],
  check: (block, graph) =>
    getString(block.body, "policy") === undefined
      ? failUnless(false, "has no policy, which allows everything", "Set policy.")
      : checkPolicyField(block, "policy", graph, (statements) =>
          failUnless(
            statements.every(
              (statement) =>
                !statement.isAllow || !statement.resources.includes("*") || namesPrincipal(statement),
            ),
            "allows every resource to everyone",
            "Name resources in Resource, or principals in a condition with aws:PrincipalArn or aws:PrincipalAccount.",
          ),
        ),
};
