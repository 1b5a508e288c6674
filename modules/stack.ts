import type { Construct } from "constructs";
import { AwsProvider } from "#aws/provider";
import { DataTerraformRemoteStateS3, S3Backend, TerraformStack } from "#cdktf";
import { type Deployment, deploymentNames } from "../pipeline/deployment/names.ts";

const stateOf = (deployment: Deployment, stack: string) => ({
  bucket: deploymentNames(deployment).stateBucket,
  key: `${deployment.stage}/${stack}.tfstate`,
  region: deployment.region,
  encrypt: true,
});

/**
 * A stack with the provider and the remote state of its stage: one key a stack, locked by S3 itself.
 *
 * @param name the stack's name within the stage; changing it moves its state
 */
export const createStack = (scope: Construct, deployment: Deployment, name: string): TerraformStack => {
  const stack = new TerraformStack(scope, `${deployment.stage}-${name}`);
  new AwsProvider(stack, "aws", {
    region: deployment.region,
    defaultTags: [{ tags: { project: deployment.project, stage: deployment.stage, stack: name } }],
  });
  // CDKTF 0.21 has no type for native locking, which needs no table (Terraform 1.10).
  new S3Backend(stack, stateOf(deployment, name)).addOverride("use_lockfile", true);
  return stack;
};

/** What another stack of the stage put out; that stack must have been applied before this one is planned. */
export const readStack = (
  scope: Construct,
  deployment: Deployment,
  name: string,
): DataTerraformRemoteStateS3 =>
  new DataTerraformRemoteStateS3(scope, `${name}-state`, stateOf(deployment, name));
