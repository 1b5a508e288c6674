import { formatBucketArn } from "./arns.ts";
import type { Statement } from "./policy-document.ts";
import type { StageStack } from "./stack.ts";

/** The service principal of CloudFront. */
export const cloudfrontService = "cloudfront.amazonaws.com";

/**
 * ARN pattern of the account's distributions. The stack `storage` is applied before the distribution exists, so policies
 * cannot name it.
 */
export const formatDistributionPattern = ({ arns }: Pick<StageStack, "arns">): string =>
  `arn:aws:cloudfront::${arns.account}:distribution/*`;

/** Allows CloudFront to read a bucket's objects for the account's distributions (origin access control). */
export const allowCloudfrontRead = (stack: Pick<StageStack, "arns">, bucket: string): Statement => ({
  Sid: "CloudFront",
  Effect: "Allow",
  Principal: { Service: cloudfrontService },
  Action: "s3:GetObject",
  Resource: `${formatBucketArn(bucket)}/*`,
  Condition: { ArnLike: { "aws:SourceArn": formatDistributionPattern(stack) } },
});
