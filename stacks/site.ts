import type { Construct } from "constructs";
import { S3BucketCorsConfiguration } from "#aws/s3-bucket-cors-configuration";
import { SsmParameter } from "#aws/ssm-parameter";
import { Fn } from "#cdktf";
import { formatBucketUrl } from "../modules/arns.ts";
import { PrivateBucket } from "../modules/bucket.ts";
import { allowCloudfrontRead } from "../modules/cloudfront-access.ts";
import { ViewerRequestFunction, type ViewerRequestFunctionProps } from "../modules/cloudfront-function.ts";
import { SiteDistribution } from "../modules/distribution.ts";
import { DistributionLogs } from "../modules/distribution-logs.ts";
import { buildResourceName } from "../modules/names.ts";
import { OriginSecret } from "../modules/origin-secret.ts";
import { OutputCache } from "../modules/output-cache.ts";
import { PageFiles } from "../modules/page-files.ts";
import { PlaybackKeyGroup } from "../modules/playback-key-group.ts";
import type { PlaybackPublicKey } from "../modules/playback-keys.ts";
import { dataPolicy, SecurityHeaders } from "../modules/security-headers.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";
import { UserPoolClient } from "../modules/user-pool-client.ts";
import { WebAcl } from "../modules/web-acl.ts";
import { pageHeaderPolicy } from "../pipeline/api/page.ts";

/** Properties of `SiteStack`. */
export interface SiteStackProps extends StageStackProps {
  /** Public keys that verify signed URLs and cookies, newest first, at most two. Without one, outputs are not served. */
  readonly playbackKeys: readonly PlaybackPublicKey[];
}

/** The page's bucket, and CloudFront in front of page, API and outputs. */
export class SiteStack extends StageStack {
  constructor(scope: Construct, { deployment, playbackKeys }: SiteStackProps) {
    super(scope, "site", { deployment });
    const { names } = this;
    const { inputBucket, outputBucket, region } = deployment;
    const siteBucket = new PrivateBucket(this, "bucket", {
      name: names.siteBucket,
      keyArn: this.keyArn,
      logBucket: names.logBucket,
      noncurrentVersionExpirationDays: deployment.noncurrentVersionExpirationDays,
      policyStatements: [allowCloudfrontRead(this, names.siteBucket)],
    });
    new PageFiles(this, "page", {
      bucket: siteBucket.id,
      uploadUrl: formatBucketUrl(inputBucket, region),
    });
    const originSecret = new OriginSecret(this, "origin-secret");
    const playback = this.#createPlayback(playbackKeys);
    const distribution = new SiteDistribution(this, "site", {
      siteBucket: siteBucket.id,
      outputBucket,
      apiEndpoint: this.importOutput("api", "endpoint"),
      originSecret: originSecret.value,
      apiFunctionArn: this.#addFunction("api-request", "Forwards the viewer's host to the API"),
      ...(playback === undefined ? {} : { output: playback.behavior }),
      pageFunctionArn: this.#addFunction("page-request", "Serves the page's document for its views"),
      responseHeadersPolicyIds: {
        page: this.#addHeaders("headers", "site", pageHeaderPolicy),
        data: this.#addHeaders("data-headers", "data", dataPolicy),
      },
      ...this.#createWebAcl(),
    });
    new DistributionLogs(this, "logs", { distributionArn: distribution.arn, logBucket: names.logBucket });
    // The CORS configuration of a bucket is one document, so that of an existing bucket stays the team's.
    if (!deployment.existingBuckets)
      new S3BucketCorsConfiguration(this, "upload-cors", {
        bucket: inputBucket,
        corsRule: [
          {
            allowedMethods: ["PUT", "POST"],
            allowedOrigins: [`https://${distribution.domainName}`, ...deployment.api.allowedOrigins],
            allowedHeaders: ["*"],
            exposeHeaders: ["ETag"],
            maxAgeSeconds: 3600,
          },
        ],
      });
    const client =
      deployment.api.signIn === "password"
        ? undefined
        : new UserPoolClient(this, "users", {
            name: buildResourceName(deployment, "site"),
            userPoolId: this.importOutput("api", "user_pool_id"),
            origins: () => [`https://${distribution.domainName}`],
          });
    new SsmParameter(this, "parameter", {
      name: names.siteParameter,
      description: "Read by the API",
      type: "String",
      value: Fn.jsonencode({
        domainName: distribution.domainName,
        keyIds: playback?.keyIds ?? {},
        originVerifySecretArn: originSecret.arn,
        ...(client === undefined ? {} : { cognitoClientId: client.id }),
      }),
    });
    this.exportOutput({
      url: `https://${distribution.domainName}`,
      distribution_domain_name: distribution.assignedDomainName,
    });
  }

  /** Creates what serves outputs; nothing without a key, because outputs are never public. */
  #createPlayback(keys: readonly PlaybackPublicKey[]) {
    if (keys.length === 0) return undefined;
    const keyGroup = new PlaybackKeyGroup(this, "playback-keys", { keys });
    const cache = new OutputCache(this, "output-cache", {
      name: buildResourceName(this.deployment, "output"),
    });
    return {
      keyIds: keyGroup.keyIds,
      behavior: {
        keyGroupId: keyGroup.id,
        cachePolicyId: cache.id,
        functionArn: this.#addFunction("output-request", "Maps paths of outputs to their keys"),
      },
    };
  }

  #addFunction(source: ViewerRequestFunctionProps["source"], description: string): string {
    return new ViewerRequestFunction(this, source, {
      name: buildResourceName(this.deployment, source),
      description,
      source,
    }).arn;
  }

  #addHeaders(id: string, name: string, contentSecurityPolicy: string): string {
    return new SecurityHeaders(this, id, {
      name: buildResourceName(this.deployment, name),
      contentSecurityPolicy,
    }).id;
  }

  #createWebAcl(): { readonly webAclArn?: string } {
    const { webAcl } = this.deployment.site;
    if (webAcl === undefined) return {};
    return {
      webAclArn:
        webAcl === "create"
          ? new WebAcl(this, "web-acl", { name: buildResourceName(this.deployment, "site") }).arn
          : webAcl,
    };
  }
}
