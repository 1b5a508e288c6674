import * as z from "zod";

/** CloudFront in front of page, API and outputs. */
export const siteSchema = z
  .strictObject({
    domainName: z
      .string()
      .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, "must be a domain name")
      .optional()
      .meta({
        description: "Custom domain, for example `media.example.com`. It requires `certificateArn`.",
        defaultDescription: "the domain that CloudFront assigns",
      }),
    certificateArn: z
      .string()
      .regex(
        /^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
        "must be the ARN of a certificate in us-east-1, where CloudFront reads certificates",
      )
      .optional()
      .meta({
        description: "ARN of the ACM certificate of `domainName`, in us-east-1.",
        defaultDescription: "CloudFront's certificate",
      }),
    webAcl: z
      .union([
        z.literal("create"),
        z
          .string()
          .regex(
            /^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/,
            "must be create or the ARN of a web ACL for CloudFront, in us-east-1",
          ),
      ])
      .optional()
      .meta({
        description:
          "AWS WAF: `create` for a web ACL with AWS's common rules and a rate limit, or the ARN of your own. See [Costs](costs.md).",
        defaultDescription: "no web ACL",
      }),
    priceClass: z
      .enum(["PriceClass_100", "PriceClass_200", "PriceClass_All"])
      .default("PriceClass_100")
      .describe("CloudFront's price class: the edge locations that serve viewers."),
  })
  .refine(
    ({ domainName, certificateArn }) => (domainName === undefined) === (certificateArn === undefined),
    "must have both domainName and certificateArn, or neither",
  )
  .prefault({})
  .describe("CloudFront in front of the page, the API and the outputs. See [AWS](aws.md#cloudfront).");
