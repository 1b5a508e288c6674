import { Construct } from "constructs";
import { Wafv2WebAcl, type Wafv2WebAclRule } from "#aws/wafv2-web-acl";
import { StageStack } from "./stack.ts";

/** Properties of `WebAcl`. */
export interface WebAclProps {
  /** A change REPLACES the web ACL. */
  readonly name: string;
}

/** Requests of one IP address in five minutes, without those of outputs: a player loads many segments. */
const maxRequests = 2000;

/** Managed rule groups, in the order of their evaluation, with rules that only count. */
const ruleGroups: readonly { readonly name: string; readonly countedRules: readonly string[] }[] = [
  { name: "AWSManagedRulesAmazonIpReputationList", countedRules: [] },
  { name: "AWSManagedRulesKnownBadInputsRuleSet", countedRules: [] },
  // The list of a large upload's parts is longer than the 8 KB that the rule allows.
  { name: "AWSManagedRulesCommonRuleSet", countedRules: ["SizeRestrictions_BODY"] },
];

/** Number of rules, each of which has a price. */
export const webAclRuleCount = ruleGroups.length + 1;

const buildVisibility = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  metricName,
  sampledRequestsEnabled: true,
});

const buildRules = (): Wafv2WebAclRule[] => [
  {
    name: "rate-limit",
    priority: 0,
    action: { block: {} },
    statement: {
      rate_based_statement: {
        aggregate_key_type: "IP",
        limit: maxRequests,
        scope_down_statement: {
          not_statement: {
            statement: [
              {
                byte_match_statement: {
                  field_to_match: { uri_path: {} },
                  positional_constraint: "STARTS_WITH",
                  search_string: "/output/",
                  text_transformation: [{ priority: 0, type: "NONE" }],
                },
              },
            ],
          },
        },
      },
    },
    visibilityConfig: buildVisibility("rate-limit"),
  },
  ...ruleGroups.map(
    ({ name, countedRules }, index): Wafv2WebAclRule => ({
      name,
      priority: index + 1,
      overrideAction: { none: {} },
      statement: {
        managed_rule_group_statement: {
          vendor_name: "AWS",
          name,
          rule_action_override: countedRules.map((rule) => ({ name: rule, action_to_use: { count: {} } })),
        },
      },
      visibilityConfig: buildVisibility(name),
    }),
  ),
];

/** A web ACL for CloudFront: AWS's common rules and a rate limit. */
export class WebAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name }: WebAclProps) {
    super(scope, id);
    this.arn = new Wafv2WebAcl(this, "acl", {
      provider: StageStack.of(this).usEast1Provider,
      name,
      scope: "CLOUDFRONT",
      defaultAction: { allow: {} },
      rule: buildRules(),
      visibilityConfig: buildVisibility(name),
    }).arn;
  }
}
