import * as z from "zod";
import { siteSchema } from "./site-schema.ts";

const bucket = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be a bucket name");
const positiveInteger = z.int().positive();
/** Retention periods of CloudWatch Logs (API reference, PutRetentionPolicy), up to ten years. */
const allowedRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const githubId = z.union([z.int().positive(), z.string().regex(/^[1-9]\d*$/, "must be a number")]);

const github = z
  .strictObject({
    repository: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/, "must be a repository such as owner/name")
      .describe("Repository as `owner/name`."),
    ownerId: githubId.optional().meta({
      description:
        "Id of the repository's owner, with `repositoryId`: `gh api repos/OWNER/NAME --jq .owner.id`. GitHub's tokens of repositories created since 15 July 2026 name these ids.",
      defaultDescription: "tokens without ids",
    }),
    repositoryId: githubId.optional().meta({
      description: "Id of the repository: `gh api repos/OWNER/NAME --jq .id`.",
      defaultDescription: "tokens without ids",
    }),
    oidcProvider: z
      .union([
        z.literal("create"),
        z.string().regex(/^arn:aws:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/),
      ])
      .default("create")
      .describe("`create`, or the ARN of the account's existing identity provider for GitHub."),
  })
  .refine(
    ({ ownerId, repositoryId }) => (ownerId === undefined) === (repositoryId === undefined),
    "must have both ownerId and repositoryId, or neither",
  );

const api = z.strictObject({
  signIn: z
    .enum(["cognito", "password"])
    .default("cognito")
    .describe(
      "How people sign in: `cognito`: with a Cognito user pool. `password`: with users of `reelway users`.",
    ),
  allowedOrigins: z
    .array(z.string().regex(/^https?:\/\/[^/?#\s]+$/, "must be an origin such as https://app.example.com"))
    .default([])
    .describe("Origins of other sites whose pages may call the API with a bearer token."),
});

/** One stage: its region, buckets, network and retention. */
export const stageSchema = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region such as us-east-1")
    .regex(
      /^(?!cn-|us-gov-|us-iso|eu-iso)/,
      "must be a Region of the commercial partition (aws): Reelway does not support others",
    )
    .describe("AWS Region, for example `us-east-1`."),
  account: z
    .string()
    .regex(/^\d{12}$/, "must be the 12 digits of an account")
    .optional()
    .meta({
      description: "Account id, 12 digits. Terraform then refuses every other account.",
      defaultDescription: "any account",
    }),
  inputBucket: bucket.describe("Bucket that receives the uploads. Bucket names are globally unique."),
  outputBucket: bucket.describe("Bucket of the outputs. It must differ from every input bucket."),
  existingBuckets: z
    .boolean()
    .default(false)
    .describe("Both buckets exist already. Reelway then only turns on their EventBridge notifications."),
  bucketEvents: z
    .enum(["managed", "external"])
    .default("managed")
    .describe(
      "How the events of existing buckets reach the stage. `managed`: Reelway turns on their EventBridge notifications. `external`: their owner forwards the events to the stage's account, and Reelway changes nothing about the buckets. See [Deploying to AWS](aws.md).",
    ),
  mediaKmsKeyArns: z
    .array(z.string().regex(/^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, "must be the ARN of a key"))
    .default([])
    .describe(
      "ARNs of the KMS keys that encrypt existing buckets or single objects in them. The roles that read or write media may use them; each key policy must allow IAM policies to grant access.",
    ),
  stateBucket: bucket.optional().meta({
    description: "Bucket of Terraform's states.",
    defaultDescription: "`<project>-<stage>-state`",
  }),
  codeBucket: bucket.optional().meta({
    description: "Bucket of the functions' code.",
    defaultDescription: "`<project>-<stage>-code`",
  }),
  logBucket: bucket.optional().meta({
    description: "Bucket of the access logs of S3 and CloudFront.",
    defaultDescription: "`<project>-<stage>-logs`",
  }),
  api: api.prefault({}).describe("The HTTP API."),
  siteBucket: bucket.optional().meta({
    description: "Bucket of the page.",
    defaultDescription: "`<project>-<stage>-site`",
  }),
  site: siteSchema,
  github: github.optional().meta({
    description: "Repository whose pull requests plan and whose environments apply.",
    defaultDescription: "no access",
  }),
  network: z
    .enum(["endpoints", "public"])
    .default("endpoints")
    .describe(
      "`endpoints`: tasks run in private subnets with interface endpoints. `public`: tasks have public addresses, and their security group allows no inbound traffic. See [Costs](costs.md).",
    ),
  worker: z
    .strictObject({
      architecture: z
        .enum(["X86_64", "ARM64"])
        .default("X86_64")
        .describe("CPU architecture of the tasks and of the image."),
      scratchGiB: z.int().min(21).max(200).default(50).meta({
        description:
          "Ephemeral storage of a task, of which the image takes 2 GiB. The rest limits a job's files.",
        unit: "GiB",
      }),
      maxRunHours: z
        .number()
        .positive()
        .max(48)
        .default(6)
        .meta({ description: "Maximum time of one run of ffmpeg.", unit: "hours" }),
      capacityProvider: z
        .enum(["FARGATE", "FARGATE_SPOT"])
        .default("FARGATE")
        .describe("Capacity provider of the tasks."),
    })
    .prefault({})
    .describe("The worker's tasks."),
  pipelineRoleArns: z
    .array(z.string().regex(/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/, "must be the ARN of a role"))
    .default([])
    .describe(
      "Roles of transcoder pipelines in other accounts that the worker may assume. Roles of the stage's own account need no entry.",
    ),
  glacierTransitionDays: z.int().min(30).optional().meta({
    description: "Age at which sources move to S3 Glacier Instant Retrieval.",
    unit: "days",
    defaultDescription: "never",
  }),
  noncurrentVersionExpirationDays: positiveInteger.default(30).meta({
    description: "How long replaced and deleted object versions are kept.",
    unit: "days",
  }),
  logRetentionDays: z
    .int()
    .refine(
      (days) => allowedRetentionDays.some((one) => one === days),
      `must be one of ${allowedRetentionDays.join(", ")}`,
    )
    .default(365)
    .meta({
      description: `Retention of CloudWatch Logs: ${allowedRetentionDays.join(", ")}.`,
      unit: "days",
    }),
  reserveConcurrency: z
    .boolean()
    .default(true)
    .describe(
      "Reserves concurrency for each function. A young account has 10 concurrent executions and cannot reserve any: set `false` there.",
    ),
  transcoderKeysVersion: positiveInteger
    .default(1)
    .describe(
      "Increase it by one to rotate the keys of the transcoder API. The previous keys stay valid until the next rotation.",
    ),
  transcoderConcurrency: positiveInteger.default(100).meta({
    description: "Jobs of one transcoder pipeline that run at the same time.",
    unit: "jobs",
  }),
  transcoderEndpoint: z.url().optional().meta({
    description: "Another endpoint of the Elastic Transcoder API.",
    defaultDescription: "the stage's own API",
  }),
});
