/** Header by which the API recognizes requests through CloudFront. */
export const originSecretHeader = "x-origin-verify";
