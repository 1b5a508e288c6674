import { Construct } from "constructs";
import { CloudfrontResponseHeadersPolicy } from "#aws/cloudfront-response-headers-policy";

/** Properties of `SecurityHeaders`. */
export interface SecurityHeadersProps {
  readonly name: string;
  /** At most 1,783 characters (CloudFront developer guide, "Quotas"). */
  readonly contentSecurityPolicy: string;
}

const secondsPerYear = 365 * 24 * 60 * 60;

/** The policy of an output that a browser opens as a page, and of responses of the API. */
export const dataPolicy =
  "default-src 'none'; img-src 'self'; media-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/** The security headers of responses. */
export class SecurityHeaders extends Construct {
  /** Id of the response headers policy. */
  readonly id: string;

  constructor(scope: Construct, id: string, { name, contentSecurityPolicy }: SecurityHeadersProps) {
    super(scope, id);
    this.id = new CloudfrontResponseHeadersPolicy(this, "policy", {
      name,
      securityHeadersConfig: {
        contentSecurityPolicy: {
          contentSecurityPolicy,
          // The API's own pages have stricter policies.
          override: false,
        },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY", override: true },
        referrerPolicy: { referrerPolicy: "same-origin", override: true },
        strictTransportSecurity: { accessControlMaxAgeSec: secondsPerYear, override: true },
      },
    }).id;
  }
}
