import { Construct } from "constructs";
import { CloudfrontCachePolicy } from "#aws/cloudfront-cache-policy";

/** Properties of `OutputCache`. */
export interface OutputCacheProps {
  readonly name: string;
}

/**
 * The cache policy of outputs. Neither cookies, query strings nor headers are in the cache key, so all viewers share the
 * cache. A newer version of a source replaces its outputs under the same keys, so the default TTL is short.
 */
export class OutputCache extends Construct {
  /** Id of the cache policy. */
  readonly id: string;

  constructor(scope: Construct, id: string, { name }: OutputCacheProps) {
    super(scope, id);
    this.id = new CloudfrontCachePolicy(this, "policy", {
      name,
      minTtl: 0,
      defaultTtl: 60,
      maxTtl: 86_400,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headerBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "none" },
        enableAcceptEncodingGzip: true,
        enableAcceptEncodingBrotli: true,
      },
    }).id;
  }
}
