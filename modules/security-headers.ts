import { Construct } from "constructs";
import { CloudfrontResponseHeadersPolicy } from "#aws/cloudfront-response-headers-policy";

/** Properties of `SecurityHeaders`. */
export interface SecurityHeadersProps {
  readonly name: string;
  /** URL that the page may upload to, and play uploads from: the input bucket's. */
  readonly uploadUrl: string;
}

const secondsPerYear = 365 * 24 * 60 * 60;

/** Builds the content security policy of the page: its own origin, uploads and their playback, and blobs of the player. */
const buildContentSecurityPolicy = (uploadUrl: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' blob:",
    `media-src 'self' blob: ${uploadUrl}`,
    "worker-src 'self' blob:",
    `connect-src 'self' ${uploadUrl}`,
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** The security headers of all responses. */
export class SecurityHeaders extends Construct {
  /** Id of the response headers policy. */
  readonly id: string;

  constructor(scope: Construct, id: string, { name, uploadUrl }: SecurityHeadersProps) {
    super(scope, id);
    this.id = new CloudfrontResponseHeadersPolicy(this, "policy", {
      name,
      securityHeadersConfig: {
        contentSecurityPolicy: {
          contentSecurityPolicy: buildContentSecurityPolicy(uploadUrl),
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
