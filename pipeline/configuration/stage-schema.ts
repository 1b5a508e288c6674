import * as z from "zod";

const bucket = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be a bucket name");
const positiveInteger = z.int().positive();
/** What CloudWatch Logs takes (API reference, PutRetentionPolicy), from a day to ten years. */
const allowedRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const github = z.strictObject({
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "must be a repository such as owner/name"),
  oidcProvider: z
    .union([
      z.literal("create"),
      z.string().regex(/^arn:aws:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/),
    ])
    .default("create"),
});

/** One stage: where it lies and what it may cost. */
export const stageSchema = z.strictObject({
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region such as us-east-1"),
  /** The account's number; Terraform then refuses any other. */
  account: z
    .string()
    .regex(/^\d{12}$/, "must be the 12 digits of an account")
    .optional(),
  inputBucket: bucket,
  outputBucket: bucket,
  /** The buckets stand already: nothing is changed about them but EventBridge is switched on. */
  existingBuckets: z.boolean().default(false),
  /** ARNs of the KMS keys that encrypt existing buckets. The worker may use them; each key's policy must allow IAM policies to grant access. */
  mediaKmsKeyArns: z
    .array(z.string().regex(/^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, "must be the ARN of a key"))
    .default([]),
  /** Where Terraform keeps its state; names of buckets are unique in the world. */
  stateBucket: bucket.optional(),
  /** Where the functions' code lies. */
  codeBucket: bucket.optional(),
  /** Where S3 writes who used the other buckets. */
  logBucket: bucket.optional(),
  /** Pull requests plan and apply from there; absent: nobody outside the account does. */
  github: github.optional(),
  /** How tasks reach AWS: through interface endpoints, or from public subnets that let nobody in. */
  network: z.enum(["endpoints", "public"]).default("endpoints"),
  worker: z
    .strictObject({
      architecture: z.enum(["X86_64", "ARM64"]).default("X86_64"),
      scratchGiB: z.int().min(21).max(200).default(50),
      capacityProvider: z.enum(["FARGATE", "FARGATE_SPOT"]).default("FARGATE"),
    })
    .prefault({}),
  /** Roles of transcoder pipelines in other accounts, which the worker may take; those of this account need no word. */
  pipelineRoleArns: z
    .array(z.string().regex(/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/, "must be the ARN of a role"))
    .default([]),
  /** Sources go to colder storage after so many days; absent: never. S3 asks for 30 at least. */
  glacierTransitionDays: z.int().min(30).optional(),
  /** Replaced and deleted versions are kept so long. */
  noncurrentVersionExpirationDays: positiveInteger.default(30),
  logRetentionDays: z
    .int()
    .refine(
      (days) => allowedRetentionDays.some((one) => one === days),
      `must be one of ${allowedRetentionDays.join(", ")}`,
    )
    .default(365),
  /**
   * Keeps a share of the account's concurrency for each function. A young account has ten in all, which AWS lets
   * nobody reserve: switch it off there.
   */
  reserveConcurrency: z.boolean().default(true),
  /** Raise it by one to rotate the transcoder's keys; those before stay valid until the next rotation. */
  transcoderKeysVersion: positiveInteger.default(1),
  /** Transcoder jobs of one pipeline at once. */
  transcoderConcurrency: positiveInteger.default(100),
  /** Another endpoint that speaks Elastic Transcoder's API; absent: the stage's own. */
  transcoderEndpoint: z.url().optional(),
});
