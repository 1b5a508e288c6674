import type { Deployment, DeploymentNames } from "../pipeline/deployment/names.ts";
import { type Arns, bucketArn } from "./naming.ts";
import type { Permission } from "./role.ts";

/** What a worker does: read the input bucket, write the output bucket, keep its job's record (DESIGN 6.5). */
export const workerPermissions = (
  { inputBucket, outputBucket }: Deployment,
  names: DeploymentNames,
  arns: Arns,
): readonly Permission[] => [
  {
    actions: ["s3:GetObject", "s3:GetObjectVersion"],
    resources: [`${bucketArn(inputBucket)}/*`],
  },
  // Without it a missing object answers 403 instead of 404, and the worker could not tell it from a closed one.
  { actions: ["s3:ListBucket"], resources: [bucketArn(inputBucket), bucketArn(outputBucket)] },
  {
    actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
    resources: [`${bucketArn(outputBucket)}/*`],
  },
  {
    actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    resources: [names.jobsTable, names.transcoderTable].map((table) => arns.of("dynamodb", `table/${table}`)),
  },
];
