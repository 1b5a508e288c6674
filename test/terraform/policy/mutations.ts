import { type Edit, inJson, put, removeBlock, replace } from "./edit.ts";

/** A change of the stacks that exactly one rule must detect. */
export interface Mutation {
  readonly rule: string;
  /** Stack, type and beginning of the name of the changed block. */
  readonly subject: string;
  /** The change; the block is removed if absent. */
  readonly edit?: Edit;
  /** The reported block, if it is another. */
  readonly blamed?: string;
  /** Other rules that detect the same change. */
  readonly also?: readonly string[];
}

const bucket = "dev-storage/aws_s3_bucket.input_bucket_";
const blocks = "dev-storage/aws_s3_bucket_public_access_block.input_";
const distribution = "dev-site/aws_cloudfront_distribution.";
const router = "dev-routing/aws_lambda_function.router_";
const task = "dev-compute/aws_ecs_task_definition.worker_";
const group = "dev-compute/aws_security_group.network_tasks_";
const uploads = "dev-routing/aws_sqs_queue.uploads_queue_";
const repository = "dev-registry/aws_ecr_repository.worker_";
const routerPolicy = "dev-routing/aws_iam_role_policy.router_";
const container = (edit: Edit): Edit => inJson("container_definitions", edit);
const readPassword = "ephemeral.aws_secretsmanager_random_password.transcoder_read_key.random_password";
const secret = ["wJalrXUtnFEMI", "K7MDENG", "bPxRfiCYzz4Qn9tLpV"].join("/");
const anyPrincipal = (action: string): Edit =>
  inJson(
    "policy",
    put("value.Statement.+", { Effect: "Allow", Principal: "*", Action: action, Resource: "*" }),
  );

/** At least one for every rule. */
export const mutations: readonly Mutation[] = [
  { rule: "CKV_AWS_53", subject: blocks, edit: put("block_public_acls", false) },
  { rule: "CKV_AWS_54", subject: blocks, edit: removeBlock("block_public_policy") },
  { rule: "CKV_AWS_55", subject: blocks, edit: put("ignore_public_acls", false) },
  { rule: "CKV_AWS_56", subject: blocks, edit: removeBlock("restrict_public_buckets") },
  { rule: "CKV2_AWS_6", subject: blocks, blamed: bucket },
  { rule: "S3.5", subject: "dev-storage/aws_s3_bucket_policy.input_", blamed: bucket },
  {
    rule: "S3.5",
    subject: "dev-storage/aws_s3_bucket_policy.input_",
    edit: replace("policy", "reelway-dev-input/*", "reelway-dev-input/uploads/*"),
    blamed: bucket,
  },
  {
    rule: "S3.5",
    subject: "dev-storage/aws_s3_bucket_policy.input_",
    edit: replace("policy", '"Effect":"Deny"', '"Effect":"Allow"'),
    blamed: bucket,
  },
  {
    rule: "S3.5",
    subject: "dev-storage/aws_s3_bucket_policy.input_",
    edit: replace("policy", '"Action":"s3:*"', '"Action":"s3:GetObject"'),
    blamed: bucket,
  },
  {
    rule: "CKV_AWS_145",
    subject: "dev-storage/aws_s3_bucket_server_side_encryption_configuration.input_",
    edit: removeBlock("rule.0.apply_server_side_encryption_by_default.kms_master_key_id"),
    blamed: bucket,
  },
  {
    rule: "CKV_AWS_145",
    subject: "dev-storage/aws_s3_bucket_server_side_encryption_configuration.input_",
    edit: put("rule.0.apply_server_side_encryption_by_default.kms_master_key_id", "alias/aws/s3"),
    blamed: bucket,
  },
  {
    rule: "CKV_AWS_21",
    subject: "dev-storage/aws_s3_bucket_versioning.input_",
    edit: put("versioning_configuration.status", "Suspended"),
    blamed: bucket,
  },
  { rule: "CKV_AWS_18", subject: "dev-storage/aws_s3_bucket_logging.input_", blamed: bucket },
  {
    rule: "CKV2_AWS_61",
    subject: "dev-storage/aws_s3_bucket_lifecycle_configuration.input_",
    blamed: bucket,
  },
  {
    rule: "CKV_AWS_300",
    subject: "dev-storage/aws_s3_bucket_lifecycle_configuration.input_",
    edit: removeBlock("rule.0.abort_incomplete_multipart_upload"),
  },
  {
    rule: "CKV_AWS_300",
    subject: "dev-storage/aws_s3_bucket_lifecycle_configuration.input_",
    edit: put("rule.0.filter.0.prefix", "uploads/"),
  },
  {
    rule: "CKV2_AWS_65",
    subject: "dev-storage/aws_s3_bucket_ownership_controls.input_",
    edit: put("rule.object_ownership", "BucketOwnerPreferred"),
    blamed: bucket,
  },
  {
    rule: "CKV_AWS_364",
    subject: "dev-transcoder/aws_lambda_permission.http_",
    edit: removeBlock("source_arn"),
  },
  {
    rule: "CKV_AWS_364",
    subject: "dev-transcoder/aws_lambda_permission.http_",
    edit: put("source_arn", "arn:aws:s3:::reelway-dev-input"),
  },
  { rule: "CKV_AWS_115", subject: router, edit: removeBlock("reserved_concurrent_executions") },
  { rule: "CKV_AWS_116", subject: router, edit: removeBlock("dead_letter_config") },
  { rule: "CKV_AWS_50", subject: router, edit: put("tracing_config.mode", "PassThrough") },
  { rule: "CKV_AWS_173", subject: router, edit: removeBlock("kms_key_arn") },
  {
    rule: "CKV_AWS_45",
    subject: router,
    edit: put("environment.variables.DATABASE_PASSWORD", "correct horse"),
    also: ["REELWAY_SECRET_LITERAL"],
  },
  {
    rule: "CKV_AWS_333",
    subject: "dev-routing/aws_cloudwatch_event_target.route-images_target_",
    edit: put("ecs_target.network_configuration.assign_public_ip", true),
  },
  { rule: "CKV_AWS_334", subject: task, edit: container(put("value.0.privileged", true)) },
  {
    rule: "CKV_AWS_334",
    subject: task,
    edit: container(put("value.0.linuxParameters.capabilities.drop", ["DAC_OVERRIDE"])),
  },
  {
    rule: "CKV_AWS_334",
    subject: task,
    edit: container(put("value.0.linuxParameters.capabilities.add", ["SYS_PTRACE"])),
  },
  {
    rule: "CKV_AWS_334",
    subject: task,
    edit: container(put("value.0.environment", [{ name: "MEDIA_USER", value: "0:0" }])),
  },
  { rule: "CKV_AWS_336", subject: task, edit: container(removeBlock("value.0.readonlyRootFilesystem")) },
  {
    rule: "CKV_AWS_249",
    subject: task,
    edit: (body) => put("task_role_arn", body.execution_role_arn)(body),
  },
  {
    rule: "CKV_AWS_65",
    subject: "dev-compute/aws_ecs_cluster.cluster",
    edit: put("setting.0.value", "disabled"),
  },
  {
    rule: "ECS.8",
    subject: task,
    edit: container(put("value.0.environment.0", { name: "AWS_ACCESS_KEY_ID", value: "of another account" })),
  },
  { rule: "CKV_AWS_163", subject: repository, edit: put("image_scanning_configuration.scan_on_push", false) },
  { rule: "CKV_AWS_51", subject: repository, edit: put("image_tag_mutability", "MUTABLE") },
  { rule: "CKV_AWS_136", subject: repository, edit: removeBlock("encryption_configuration") },
  {
    rule: "CKV_AWS_355",
    subject: routerPolicy,
    edit: inJson("policy", put("value.Statement.0.Resource", "*")),
  },
  {
    rule: "CKV_AWS_355",
    subject: "dev-state/aws_iam_role_policy.github_plan-",
    edit: inJson(
      "policy",
      put("value.Statement.+", { Effect: "Allow", Action: ["sqs:ReceiveMessage"], Resource: "*" }),
    ),
  },
  ...[
    ["dynamodb:DescribeTable", "dynamodb:Describe*"],
    ["lambda:GetFunction", "lambda:GetFunction*"],
    ["secretsmanager:DescribeSecret"],
    ["apigateway:GET"],
    ["kms:DescribeKey", "kms:GetKeyPolicy"],
  ].map((actions) => ({
    rule: "CKV_AWS_355",
    subject: "dev-state/aws_iam_role_policy.github_plan-",
    edit: inJson("policy", put("value.Statement.+", { Effect: "Allow", Action: actions, Resource: "*" })),
  })),
  {
    rule: "AWS-0342",
    subject: routerPolicy,
    edit: replace("policy", "reelway-dev-ffmpeg-task", "reelway-dev-*"),
  },
  {
    rule: "AWS-0342",
    subject: routerPolicy,
    edit: replace("policy", "iam:PassedToService", "iam:AssociatedResourceArn"),
  },
  {
    rule: "CKV_AWS_393",
    subject: "dev-state/aws_iam_role.github_plan_",
    edit: replace("assume_role_policy", "repo:example/films:pull_request", "repo:example/*"),
  },
  {
    rule: "CKV_AWS_393",
    subject: "dev-state/aws_iam_role.github_apply_",
    edit: replace("assume_role_policy", "githubusercontent.com:aud", "githubusercontent.com:iss"),
  },
  {
    rule: "REELWAY_BOUNDARY",
    subject: "dev-compute/aws_iam_role.worker_task_",
    edit: removeBlock("permissions_boundary"),
  },
  {
    rule: "CKV2_AWS_11",
    subject: "dev-compute/aws_flow_log.network_",
    blamed: "dev-compute/aws_vpc.network_",
  },
  {
    rule: "CKV2_AWS_12",
    subject: "dev-compute/aws_default_security_group.network_",
    edit: put("ingress.+", { protocol: "tcp", from_port: 443, to_port: 443, self: true }),
    blamed: "dev-compute/aws_vpc.network_",
  },
  {
    rule: "CKV2_AWS_12",
    subject: "dev-compute/aws_default_security_group.network_",
    blamed: "dev-compute/aws_vpc.network_",
  },
  { rule: "CKV_AWS_382", subject: group, edit: put("egress.0.protocol", "-1") },
  {
    rule: "CKV_AWS_382",
    subject: group,
    edit: (body) => {
      put("egress.0.from_port", 0)(body);
      put("egress.0.to_port", 65_535)(body);
    },
  },
  { rule: "CKV_AWS_23", subject: group, edit: removeBlock("egress.0.description") },
  { rule: "CKV_AWS_23", subject: group, edit: removeBlock("description") },
  {
    rule: "CKV_AWS_28",
    subject: "dev-storage/aws_dynamodb_table.jobs_",
    edit: put("point_in_time_recovery.enabled", false),
  },
  {
    rule: "CKV_AWS_119",
    subject: "dev-storage/aws_dynamodb_table.jobs_",
    edit: removeBlock("server_side_encryption.kms_key_arn"),
  },
  {
    rule: "DynamoDB.6",
    subject: "dev-storage/aws_dynamodb_table.jobs_",
    edit: put("deletion_protection_enabled", false),
  },
  {
    rule: "CKV_AWS_26",
    subject: "dev-routing/aws_sns_topic.alarm-topic_",
    edit: put("kms_master_key_id", "alias/aws/sns"),
  },
  { rule: "CKV_AWS_27", subject: uploads, edit: removeBlock("kms_master_key_id") },
  {
    rule: "CKV_AWS_168",
    subject: "dev-routing/aws_sqs_queue_policy.uploads_queue_",
    edit: anyPrincipal("sqs:SendMessage"),
  },
  {
    rule: "CKV_AWS_169",
    subject: "dev-routing/aws_sns_topic_policy.finished-jobs_",
    edit: anyPrincipal("sns:Subscribe"),
  },
  {
    rule: "CKV_AWS_7",
    subject: "dev-state/aws_kms_key.stage-key_",
    edit: removeBlock("enable_key_rotation"),
  },
  {
    rule: "CKV_AWS_338",
    subject: "dev-routing/aws_cloudwatch_log_group.router_",
    edit: put("retention_in_days", 90),
  },
  {
    rule: "CKV_AWS_338",
    subject: "dev-routing/aws_cloudwatch_log_group.router_",
    edit: removeBlock("retention_in_days"),
  },
  {
    rule: "CKV_AWS_158",
    subject: "dev-routing/aws_cloudwatch_log_group.router_",
    edit: removeBlock("kms_key_id"),
  },
  { rule: "CKV2_AWS_64", subject: "dev-state/aws_kms_key.key_", edit: removeBlock("policy") },
  {
    rule: "CKV_AWS_149",
    subject: "dev-transcoder/aws_secretsmanager_secret.keys_read-",
    edit: removeBlock("kms_key_id"),
  },
  {
    rule: "CKV_AWS_76",
    subject: "dev-transcoder/aws_apigatewayv2_stage.http_",
    edit: removeBlock("access_log_settings"),
  },
  {
    rule: "CKV_AWS_309",
    subject: "made-api/aws_apigatewayv2_route.films",
    edit: put("authorization_type", "NONE"),
  },
  {
    rule: "REELWAY_QUEUE_DLQ",
    subject: uploads,
    edit: removeBlock("redrive_policy"),
  },
  {
    rule: "REELWAY_QUEUE_DLQ",
    subject: "dev-transcoder/aws_sqs_queue.dispatch-requests_queue_",
    edit: inJson("redrive_policy", put("value.deadLetterTargetArn", "arn:aws:sqs:us-east-1:1:nowhere")),
  },
  {
    rule: "REELWAY_EVENT_TARGET_DLQ",
    subject: "dev-routing/aws_cloudwatch_event_target.route-images_target_",
    edit: removeBlock("dead_letter_config"),
  },
  {
    rule: "REELWAY_SAFE_KEYS",
    subject: "dev-routing/aws_cloudwatch_event_rule.route-images_rule_",
    edit: put("event_pattern", JSON.stringify({ detail: { object: { key: [{ prefix: "images/" }] } } })),
    blamed: "dev-routing/aws_cloudwatch_event_target.route-images_target_",
  },
  {
    rule: "REELWAY_SAFE_KEYS",
    subject: "dev-routing/aws_cloudwatch_event_rule.route-images_rule_",
    edit: replace("event_pattern", '"*\\"*",', ""),
    blamed: "dev-routing/aws_cloudwatch_event_target.route-images_target_",
  },
  {
    rule: "REELWAY_SUBSCRIPTION_DLQ",
    subject: "dev-routing/aws_sns_topic_subscription.job-event-messages_",
    edit: removeBlock("redrive_policy"),
  },
  {
    rule: "REELWAY_SCHEDULE_DLQ",
    subject: "dev-routing/aws_scheduler_schedule.sweep-",
    edit: removeBlock("target.dead_letter_config"),
  },
  {
    rule: "REELWAY_SCHEDULE_INVOKE",
    subject: "dev-routing/aws_lambda_function_event_invoke_config.sweep-",
    blamed: "dev-routing/aws_scheduler_schedule.sweep-",
  },
  {
    rule: "REELWAY_SCHEDULE_INVOKE",
    subject: "dev-transcoder/aws_lambda_function_event_invoke_config.",
    edit: put("maximum_retry_attempts", 2),
    blamed: "dev-transcoder/aws_scheduler_schedule.",
  },
  {
    rule: "REELWAY_SCHEDULE_INVOKE",
    subject: "dev-transcoder/aws_lambda_function_event_invoke_config.",
    edit: put("maximum_event_age_in_seconds", 3600),
    blamed: "dev-transcoder/aws_scheduler_schedule.",
  },
  {
    rule: "REELWAY_SCHEDULE_TIMEOUT",
    subject: "dev-routing/aws_lambda_function.reconciler_",
    edit: put("timeout", 300),
    blamed: "dev-routing/aws_scheduler_schedule.reconciler-",
  },
  {
    rule: "REELWAY_ENDPOINT_POLICY",
    subject: "dev-compute/aws_vpc_endpoint.network_s3_",
    edit: removeBlock("policy"),
  },
  {
    rule: "REELWAY_ENDPOINT_POLICY",
    subject: "dev-compute/aws_vpc_endpoint.network_s3_",
    edit: inJson("policy", put("value.Statement.1.Resource", "*")),
  },
  {
    rule: "REELWAY_ENDPOINT_POLICY",
    subject: "dev-compute/aws_vpc_endpoint.network_s3_",
    edit: inJson("policy", removeBlock("value.Statement.2.Condition.StringEquals")),
  },
  {
    rule: "REELWAY_ENDPOINT_POLICY",
    subject: "dev-compute/aws_vpc_endpoint.network_logs_",
    edit: inJson("policy", removeBlock("value.Statement.0.Condition")),
  },
  { rule: "REELWAY_TASK_DEFINITION", subject: task, edit: removeBlock("skip_destroy") },
  { rule: "REELWAY_TASK_DEFINITION", subject: task, edit: removeBlock("lifecycle.create_before_destroy") },
  {
    rule: "REELWAY_RUN_TASK_TAGS",
    subject: routerPolicy,
    edit: replace("policy", '"ecs:TagResource"', '"ecs:UntagResource"'),
  },
  {
    rule: "REELWAY_RUN_TASK_TAGS",
    subject: "dev-routing/aws_iam_role_policy.route-images_role_",
    edit: replace("policy", "ecs:CreateAction", "ecs:cluster"),
  },
  {
    rule: "REELWAY_PARTIAL_BATCH",
    subject: "dev-routing/aws_lambda_event_source_mapping.router_",
    edit: removeBlock("function_response_types"),
  },
  { rule: "REELWAY_VISIBILITY", subject: uploads, edit: put("visibility_timeout_seconds", 359) },
  { rule: "REELWAY_VISIBILITY", subject: router, edit: put("timeout", 61), blamed: uploads },
  {
    rule: "REELWAY_SENDER_POLICY",
    subject: "dev-routing/aws_sqs_queue_policy.uploads_queue_",
    edit: replace("policy", "events.amazonaws.com", "s3.amazonaws.com"),
    blamed: uploads,
  },
  {
    rule: "REELWAY_SENDER_POLICY",
    subject: "dev-routing/aws_sns_topic_policy.alarm-topic_",
    edit: replace("policy", "cloudwatch.amazonaws.com", "budgets.amazonaws.com"),
    blamed: "dev-routing/aws_sns_topic.alarm-topic_",
  },
  {
    rule: "REELWAY_SENDER_KEY",
    subject: "dev-state/aws_kms_key.stage-key_",
    edit: replace("policy", "events.amazonaws.com", "s3.amazonaws.com"),
  },
  {
    rule: "REELWAY_SECRET_LITERAL",
    subject: "dev-transcoder/aws_secretsmanager_secret_version.keys_read-",
    edit: replace("secret_string_wo", readPassword, '"correct horse"'),
  },
  {
    rule: "REELWAY_SECRET_LITERAL",
    subject: "dev-pipelines/provider.aws.transcoder",
    edit: put("secret_key", secret),
  },
  {
    rule: "REELWAY_TAGS",
    subject: "dev-routing/provider.aws.default",
    edit: removeBlock("default_tags.0.tags.stage"),
  },
  {
    rule: "CKV_AWS_34",
    subject: distribution,
    edit: put("default_cache_behavior.viewer_protocol_policy", "allow-all"),
  },
  {
    rule: "CKV_AWS_34",
    subject: distribution,
    edit: put("ordered_cache_behavior.1.viewer_protocol_policy", "allow-all"),
  },
  {
    rule: "CKV_AWS_174",
    subject: distribution,
    edit: put("viewer_certificate.minimum_protocol_version", "TLSv1.1_2016"),
  },
  { rule: "CKV2_AWS_46", subject: distribution, edit: removeBlock("origin.0.origin_access_control_id") },
  { rule: "CKV_AWS_86", subject: "dev-site/aws_cloudwatch_log_delivery_source.", blamed: distribution },
  { rule: "CKV_AWS_86", subject: "dev-site/aws_cloudwatch_log_delivery.", blamed: distribution },
  { rule: "CKV_AWS_305", subject: distribution, edit: removeBlock("default_root_object") },
  {
    rule: "CKV2_AWS_32",
    subject: distribution,
    edit: removeBlock("ordered_cache_behavior.0.response_headers_policy_id"),
  },
  {
    rule: "CKV2_AWS_32",
    subject: distribution,
    edit: removeBlock("default_cache_behavior.response_headers_policy_id"),
  },
  {
    rule: "REELWAY_SIGNED_OUTPUTS",
    subject: distribution,
    edit: put("ordered_cache_behavior.0", {
      path_pattern: "/films/*",
      target_origin_id: "output",
      viewer_protocol_policy: "https-only",
      response_headers_policy_id: "headers",
    }),
  },
];
