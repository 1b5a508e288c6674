import { formatBucketArn } from "./arns.ts";
import { renderPolicyDocument, type Statement } from "./policy-document.ts";
import type { StageStack } from "./stack.ts";

/** The role of the worker program. A gateway endpoint accepts principals in conditions only. */
const getTaskRoleArn = ({ arns, names }: StageStack): string => arns.role(`${names.workerTaskFamily}-task`);

const allow = (statement: Omit<Statement, "Effect" | "Principal">): Statement => ({
  Effect: "Allow",
  Principal: "*",
  ...statement,
});

/**
 * Builds the policy of the gateway endpoint for S3: the worker reaches the stage's buckets only, and image layers are
 * pulled from the bucket of Amazon ECR (Amazon ECR user guide, "Create the Amazon S3 gateway endpoint"). Other buckets are
 * for the roles of transcoder pipelines, which the worker assumes.
 */
export const buildS3EndpointPolicy = (stack: StageStack): string => {
  const { arns, deployment } = stack;
  const { inputBucket, outputBucket, pipelineRoleArns, region } = deployment;
  const taskRoleArn = getTaskRoleArn(stack);
  const bucketArns = [inputBucket, outputBucket].map(formatBucketArn);
  return renderPolicyDocument([
    allow({
      Sid: "StageBuckets",
      Action: "s3:*",
      Resource: bucketArns.flatMap((arn) => [arn, `${arn}/*`]),
      Condition: { ArnEquals: { "aws:PrincipalArn": taskRoleArn } },
    }),
    allow({
      Sid: "ImageLayers",
      Action: "s3:GetObject",
      Resource: `${formatBucketArn(`prod-${region}-starport-layer-bucket`)}/*`,
    }),
    allow({
      Sid: "PipelineRolesOfTheAccount",
      Action: "s3:*",
      Resource: "*",
      Condition: {
        StringEquals: { "aws:PrincipalAccount": arns.account },
        ArnNotEquals: { "aws:PrincipalArn": taskRoleArn },
      },
    }),
    ...(pipelineRoleArns.length === 0
      ? []
      : [
          allow({
            Sid: "PipelineRolesOfOtherAccounts",
            Action: "s3:*",
            Resource: "*",
            Condition: { ArnEquals: { "aws:PrincipalArn": pipelineRoleArns } },
          }),
        ]),
  ]);
};

/** Builds the policy of the gateway endpoint for DynamoDB: the worker reaches the stage's tables only. */
export const buildDynamoEndpointPolicy = (stack: StageStack): string => {
  const { arns, names } = stack;
  const tableArns = [names.jobsTable, names.transcoderTable].map((name) =>
    arns.of("dynamodb", `table/${name}`),
  );
  return renderPolicyDocument([
    allow({
      Sid: "StageTables",
      Action: "dynamodb:*",
      Resource: tableArns,
      Condition: { ArnEquals: { "aws:PrincipalArn": getTaskRoleArn(stack) } },
    }),
  ]);
};

/** Builds the policy of interface endpoints: credentials of other accounts, which an intruder brings along, are refused. */
export const buildInterfaceEndpointPolicy = ({ arns }: StageStack): string =>
  renderPolicyDocument([
    allow({
      Sid: "PrincipalsOfTheAccount",
      Action: "*",
      Resource: "*",
      Condition: { StringEquals: { "aws:PrincipalAccount": arns.account } },
    }),
  ]);
