import type { Construct } from "constructs";
import type { TerraformStack } from "#cdktf";
import { PrivateBucket } from "../modules/bucket.ts";
import { createStack } from "../modules/stack.ts";
import { RecordTable } from "../modules/table.ts";
import { type Deployment, deploymentNames } from "../pipeline/deployment/names.ts";
import { jobsTable, transcoderTable } from "../pipeline/tables.ts";

/** What must outlive everything else: uploads, outputs and records. */
export const storageStack = (scope: Construct, deployment: Deployment): TerraformStack => {
  const stack = createStack(scope, deployment, "storage");
  const names = deploymentNames(deployment);
  new PrivateBucket(stack, "input", { name: deployment.inputBucket });
  new PrivateBucket(stack, "output", { name: deployment.outputBucket });
  new RecordTable(stack, "jobs", { name: names.jobsTable, definition: jobsTable });
  new RecordTable(stack, "transcoder", { name: names.transcoderTable, definition: transcoderTable });
  return stack;
};
