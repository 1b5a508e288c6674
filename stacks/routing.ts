import type { Construct } from "constructs";
import { LambdaEventSourceMapping } from "#aws/lambda-event-source-mapping";
import { SnsTopic } from "#aws/sns-topic";
import { type TerraformStack, TerraformVariable } from "#cdktf";
import { EventQueue } from "../modules/event-queue.ts";
import { BundledFunction } from "../modules/function.ts";
import { createArns } from "../modules/naming.ts";
import type { FunctionPackage } from "../modules/package.ts";
import { routerEnvironment } from "../modules/router-environment.ts";
import { routerPermissions } from "../modules/router-permissions.ts";
import { createStack, readStack } from "../modules/stack.ts";
import { type Deployment, deploymentNames } from "../pipeline/deployment/names.ts";

/** Seconds the router may take for one batch. */
const timeout = 60;

/**
 * The way from an upload to its job: rule, queue, router.
 *
 * @param router the router's code
 */
export const routingStack = (
  scope: Construct,
  deployment: Deployment,
  router: FunctionPackage,
): TerraformStack => {
  const stack = createStack(scope, deployment, "routing");
  const names = deploymentNames(deployment);
  const arns = createArns(stack, deployment);
  const compute = readStack(stack, deployment, "compute");
  const endpoint = new TerraformVariable(stack, "transcoder_endpoint", {
    type: "string",
    description: "URL of the transcoder's API",
  });
  const pipelineId = new TerraformVariable(stack, "transcoder_pipeline_id", {
    type: "string",
    description: "Id of the transcoder's pipeline for Reelway's own jobs",
  });
  const topic = new SnsTopic(stack, "finished-jobs", { name: names.topic, kmsMasterKeyId: "alias/aws/sns" });
  const uploads = new EventQueue(stack, "uploads", {
    name: names.router,
    arns,
    pattern: {
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: [deployment.inputBucket] } },
    },
    consumerTimeout: timeout,
  });
  const run = new BundledFunction(stack, "router", {
    name: names.router,
    arns,
    code: router,
    environment: routerEnvironment(deployment, names, {
      topic: topic.arn,
      subnets: compute.getString("subnet_ids"),
      securityGroup: compute.getString("task_security_group_id"),
      endpoint: endpoint.stringValue,
      pipelineId: pipelineId.stringValue,
    }),
    permissions: routerPermissions(deployment, names, arns, uploads.arn),
    timeout,
  });
  new LambdaEventSourceMapping(stack, "uploads-to-router", {
    eventSourceArn: uploads.arn,
    functionName: run.arn,
    batchSize: 10,
    functionResponseTypes: ["ReportBatchItemFailures"],
    // RunTask is throttled at about 20 a second; more routers would only wait.
    scalingConfig: { maximumConcurrency: 10 },
  });
  return stack;
};
