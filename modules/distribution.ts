import { Construct } from "constructs";
import {
  CloudfrontDistribution,
  type CloudfrontDistributionOrderedCacheBehavior,
  type CloudfrontDistributionOrigin,
} from "#aws/cloudfront-distribution";
import { CloudfrontOriginAccessControl } from "#aws/cloudfront-origin-access-control";
import { Fn } from "#cdktf";
import { originSecretHeader } from "../pipeline/access/origin-secret-header.ts";
import { apiPathPatterns } from "./api-paths.ts";
import { StageStack } from "./stack.ts";

/** Ids of AWS's managed policies (CloudFront developer guide, "Use managed cache policies" and "origin request policies"). */
const managedPolicies = {
  /** Neither cookies, query strings nor headers are in the cache key, except Accept-Encoding. */
  cachingOptimized: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  allViewerExceptHostHeader: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
} as const;

/** Errors that CloudFront caches by default, even where caching is disabled (developer guide, "Status codes that CloudFront caches"). */
const cachedErrors = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

const readMethods = ["GET", "HEAD"];

/** Properties of `SiteDistribution`. */
export interface SiteDistributionProps {
  readonly siteBucket: string;
  readonly outputBucket: string;
  /** URL of the HTTP API. */
  readonly apiEndpoint: string;
  /** Sent to the API with each request. */
  readonly originSecret: string;
  /** ARN of the function of the API's viewer requests. */
  readonly apiFunctionArn: string;
  /** How outputs are served. @default they are not served */
  readonly output?: {
    /** Key group that verifies signed URLs and cookies. */
    readonly keyGroupId: string;
    readonly cachePolicyId: string;
    /** ARN of the function of viewer requests. */
    readonly functionArn: string;
  };
  /** ARN of the function of the page's viewer requests. */
  readonly pageFunctionArn: string;
  /** Ids of the response headers policies. */
  readonly responseHeadersPolicyIds: {
    readonly page: string;
    /** Of outputs and of the API. */
    readonly data: string;
  };
  /** @default no web ACL */
  readonly webAclArn?: string;
}

/** The CloudFront distribution of the page, the API and the outputs. */
export class SiteDistribution extends Construct {
  readonly arn: string;
  /** The custom domain, or the one that CloudFront assigns. */
  readonly domainName: string;
  /** The domain that CloudFront assigns. */
  readonly assignedDomainName: string;

  constructor(scope: Construct, id: string, props: SiteDistributionProps) {
    super(scope, id);
    const { names, deployment } = StageStack.of(this);
    const { domainName, certificateArn, priceClass } = deployment.site;
    const distribution = new CloudfrontDistribution(this, "distribution", {
      comment: `Page, API and outputs of ${deployment.project} ${deployment.stage}`,
      enabled: true,
      isIpv6Enabled: true,
      httpVersion: "http2and3",
      priceClass,
      defaultRootObject: "index.html",
      ...(domainName === undefined ? {} : { aliases: [domainName] }),
      ...(props.webAclArn === undefined ? {} : { webAclId: props.webAclArn }),
      origin: this.#buildOrigins(names.originAccess, props),
      defaultCacheBehavior: {
        targetOriginId: "site",
        allowedMethods: readMethods,
        cachedMethods: readMethods,
        viewerProtocolPolicy: "redirect-to-https",
        cachePolicyId: managedPolicies.cachingOptimized,
        responseHeadersPolicyId: props.responseHeadersPolicyIds.page,
        functionAssociation: [{ eventType: "viewer-request", functionArn: props.pageFunctionArn }],
        compress: true,
      },
      orderedCacheBehavior: buildBehaviors(props),
      customErrorResponse: cachedErrors.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate:
        certificateArn === undefined
          ? { cloudfrontDefaultCertificate: true }
          : {
              acmCertificateArn: certificateArn,
              minimumProtocolVersion: "TLSv1.2_2021",
              sslSupportMethod: "sni-only",
            },
    });
    this.arn = distribution.arn;
    this.assignedDomainName = distribution.domainName;
    this.domainName = domainName ?? this.assignedDomainName;
  }

  #buildOrigins(accessName: string, props: SiteDistributionProps): CloudfrontDistributionOrigin[] {
    const { region } = StageStack.of(this).deployment;
    const access = new CloudfrontOriginAccessControl(this, "access", {
      name: accessName,
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    const buildBucketOrigin = (originId: string, bucket: string): CloudfrontDistributionOrigin => ({
      originId,
      domainName: `${bucket}.s3.${region}.amazonaws.com`,
      originAccessControlId: access.id,
    });
    return [
      buildBucketOrigin("site", props.siteBucket),
      ...(props.output === undefined ? [] : [buildBucketOrigin("output", props.outputBucket)]),
      {
        originId: "api",
        domainName: Fn.trimprefix(props.apiEndpoint, "https://"),
        customOriginConfig: {
          httpPort: 80,
          httpsPort: 443,
          originProtocolPolicy: "https-only",
          originSslProtocols: ["TLSv1.2"],
        },
        customHeader: [{ name: originSecretHeader, value: props.originSecret }],
      },
    ];
  }
}

const buildBehaviors = ({
  output,
  apiFunctionArn,
  responseHeadersPolicyIds: { data: responseHeadersPolicyId },
}: SiteDistributionProps): CloudfrontDistributionOrderedCacheBehavior[] => [
  ...(output === undefined
    ? []
    : [
        {
          pathPattern: "/output/*",
          targetOriginId: "output",
          allowedMethods: [...readMethods, "OPTIONS"],
          cachedMethods: readMethods,
          // A redirect would come after a signature was sent unencrypted.
          viewerProtocolPolicy: "https-only",
          cachePolicyId: output.cachePolicyId,
          responseHeadersPolicyId,
          trustedKeyGroups: [output.keyGroupId],
          functionAssociation: [{ eventType: "viewer-request", functionArn: output.functionArn }],
          compress: true,
        },
      ]),
  ...apiPathPatterns.map((pathPattern) => ({
    pathPattern,
    targetOriginId: "api",
    allowedMethods: [...readMethods, "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
    cachedMethods: readMethods,
    viewerProtocolPolicy: "https-only",
    cachePolicyId: managedPolicies.cachingDisabled,
    originRequestPolicyId: managedPolicies.allViewerExceptHostHeader,
    responseHeadersPolicyId,
    functionAssociation: [{ eventType: "viewer-request", functionArn: apiFunctionArn }],
    compress: true,
  })),
];
