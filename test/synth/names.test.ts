import { expect } from "chai";
import * as z from "zod";
import { stackOrder } from "../../modules/stack-order.ts";
import { listResources, type Synthesis, synthesize } from "./synthesize.ts";

/**
 * What the services allow: where the name stands, how long it may be, and of what (each service's API reference, the
 * operation that makes it).
 */
const limits: Readonly<Record<string, readonly [attribute: string, longest: number, listNames: RegExp]>> = {
  aws_apigatewayv2_api: ["name", 128, /^.+$/],
  aws_cloudfront_function: ["name", 64, /^[\w-]+$/],
  aws_cloudfront_origin_access_control: ["name", 64, /^.+$/],
  aws_cloudfront_response_headers_policy: ["name", 128, /^[\w.-]+$/],
  aws_cloudwatch_dashboard: ["dashboard_name", 255, /^[\w-]+$/],
  aws_cloudwatch_event_rule: ["name", 64, /^[\w.-]+$/],
  aws_cloudwatch_log_delivery_destination: ["name", 60, /^[\w-]+$/],
  aws_cloudwatch_log_delivery_source: ["name", 60, /^[\w-]+$/],
  aws_cloudwatch_log_group: ["name", 512, /^[\w./#-]+$/],
  aws_cloudwatch_metric_alarm: ["alarm_name", 255, /^[\w-]+$/],
  aws_cognito_user_pool: ["name", 128, /^[\w\s+=,.@-]+$/],
  aws_cognito_user_pool_client: ["name", 128, /^[\w\s+=,.@-]+$/],
  aws_dynamodb_table: ["name", 255, /^[\w.-]{3,}$/],
  aws_ecr_repository: ["name", 256, /^[a-z0-9]+([._-][a-z0-9]+)*$/],
  aws_ecs_cluster: ["name", 255, /^[\w-]+$/],
  aws_ecs_task_definition: ["family", 255, /^[\w-]+$/],
  aws_elastictranscoder_pipeline: ["name", 40, /^.+$/],
  aws_elastictranscoder_preset: ["name", 40, /^.+$/],
  aws_iam_policy: ["name", 128, /^[\w+=,.@-]+$/],
  aws_iam_role: ["name", 64, /^[\w+=,.@-]+$/],
  aws_iam_role_policy: ["name", 128, /^[\w+=,.@-]+$/],
  aws_kms_alias: ["name", 256, /^alias\/[\w/-]+$/],
  aws_lambda_function: ["function_name", 64, /^[\w-]+$/],
  aws_s3_bucket: ["bucket", 63, /^[a-z0-9][a-z0-9.-]+[a-z0-9]$/],
  aws_scheduler_schedule: ["name", 64, /^[\w.-]+$/],
  aws_secretsmanager_secret: ["name", 512, /^[\w/+=.@-]+$/],
  aws_security_group: ["name", 255, /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]+$/],
  aws_sns_topic: ["name", 256, /^[\w-]+$/],
  aws_ssm_parameter: ["name", 1011, /^(\/[\w.-]+)+$/],
  aws_wafv2_web_acl: ["name", 128, /^[\w-]+$/],
  aws_sqs_queue: ["name", 80, /^[\w-]+$/],
};

/** IAM counts no white space (IAM user guide, "IAM and AWS STS quotas"); what Terraform fills in is as long as an ARN. */
const policyLimits = { aws_iam_role_policy: 10_240, aws_iam_policy: 6144 };
const fillPlaceholders = (text: string): string =>
  text
    .replaceAll("${" + "data.aws_caller_identity.account.account_id}", "1".repeat(12))
    .replaceAll(/\$\{[^}]*\}/g, "a".repeat(120));

describe("the longest names of a configuration", () => {
  let synthesis: Synthesis;
  before(async function () {
    this.timeout(120_000);
    synthesis = await synthesize({ REELWAY_CONFIG: "test/synth/longest.config.ts" });
  });
  const listNames = (type: string) =>
    stackOrder.flatMap((name) => listResources(synthesis.stack(`${"s".repeat(12)}-${name}`), type));

  it("fit every service's length and characters", () => {
    const refused = Object.entries(limits).flatMap(([type, [attribute, longest, allowed]]) =>
      listNames(type)
        .map((resource) => z.string().parse(resource[attribute]))
        .filter((name) => name.length > longest || !allowed.test(name))
        .map((name) => `${type}: ${name} (${name.length} of ${longest})`),
    );

    expect(refused).to.deep.equal([]);
    for (const type of Object.keys(limits)) expect(listNames(type), type).to.have.length.above(0);
  });

  it("are unique within each resource type", () => {
    for (const [type, [attribute]] of Object.entries(limits)) {
      if (type === "aws_iam_role_policy") continue;
      const names = listNames(type).map((resource) => resource[attribute]);
      expect(new Set(names).size, type).to.equal(names.length);
    }
  });

  it("keep IAM policies within their limits", () => {
    // Every bucket's name may be 63 characters, and the largest policy names buckets 20 times.
    for (const [type, longest] of Object.entries(policyLimits))
      for (const { policy } of listNames(type))
        expect(fillPlaceholders(z.string().parse(policy)).length + 20 * 20, type).to.be.below(longest);
  });
});
