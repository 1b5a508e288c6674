/**
 * Path patterns of the HTTP API behind CloudFront. All other paths are those of the page, and of outputs (`/output/*`). A
 * test compares them with the paths of the OpenAPI document, which lacks those of the sign-in pages.
 */
export const apiPathPatterns = [
  "/jobs*",
  "/s3/*",
  "/session",
  "/sign-in*",
  "/sign-out*",
  "/presignedurl/*",
  "/videos*",
  "/shares/*",
  "/channels*",
  "/routes",
  "/openapi.json",
  "/reference",
] as const;
