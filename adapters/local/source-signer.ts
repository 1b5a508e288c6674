import { toObjectUrl } from "../../pipeline/ports/object-url.ts";
import type { SourceSigner } from "../../pipeline/ports/source-signer.ts";
import type { UrlSigner } from "./url-signature.ts";

/** Query parameter that names the version of an object on the runtime's server. */
export const versionParameter = "versionId";

/**
 * Creates the signer of one machine. Its URLs are relative to the runtime's server, so a page names the file by the
 * attribute `download`.
 */
export const createLocalSourceSigner = (signer: UrlSigner): SourceSigner => ({
  signUrl: async ({ key, versionId }, { expirySeconds }) =>
    signer.signUrl(
      "GET",
      toObjectUrl("input", key),
      versionId === undefined ? {} : { [versionParameter]: versionId },
      expirySeconds,
    ),
});
