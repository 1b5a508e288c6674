/** Folder of the page's assets below the root. */
const assetPrefix = "/assets/";

/** Whether a path is that of a view of the page. */
export const isViewPath = (path: string): boolean =>
  path === "/" ||
  path === "/upload" ||
  path === "/highlights" ||
  path.startsWith("/watch/") ||
  path.startsWith("/shared/");

/** Whether a path belongs to the page, which is public: it has no data of its own. */
export const isPagePath = (path: string): boolean => isViewPath(path) || path.startsWith(assetPrefix);

/** Path of the view of a shared video. @param time at which the video starts, as the page's parameter `t` has it */
export const toSharedViewPath = (token: string, time?: string): string =>
  `/shared/${encodeURIComponent(token)}${time === undefined ? "" : `?${new URLSearchParams({ t: time })}`}`;

interface PagePolicyOptions {
  /** Source expressions of the style blocks that the player's elements create, e.g. `'sha256-…'`. */
  readonly styleHashes: readonly string[];
  /** URL of the input bucket, for uploads and for the originals of videos. @default uploads go to the page's own origin */
  readonly uploadUrl?: string;
}

/**
 * Builds the content security policy of the page's document: only its own origin, the input bucket, and blobs, from which
 * hls.js plays. It is in the document, because a response headers policy of CloudFront takes at most 1,783 characters
 * (CloudFront developer guide, "Quotas"), which the hashes exceed.
 */
export const buildPagePolicy = ({ styleHashes, uploadUrl }: PagePolicyOptions): string => {
  const origins = ["'self'", ...(uploadUrl === undefined ? [] : [uploadUrl])].join(" ");
  return [
    "default-src 'none'",
    "script-src 'self'",
    ["style-src 'self'", ...styleHashes].join(" "),
    `img-src ${origins} blob:`,
    // hls.js gives each captions track an empty file as a data URL.
    `media-src ${origins} blob: data:`,
    "worker-src 'self'",
    `connect-src ${origins}`,
    "form-action 'self'",
    "base-uri 'none'",
  ].join("; ");
};

/**
 * The policy in the header of the page's responses: what a document cannot say of itself, and scripts of its own origin
 * alone.
 */
export const pageHeaderPolicy =
  "script-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
