import { readPackageManifest } from "../../../build/package-manifest.ts";
import { buildOpenApiDocument, createApi } from "../../../lambdas/api/app.ts";
import type { ApiPorts } from "../../../lambdas/api/ports.ts";
import { serverLimits } from "../../../runtime/server/limits.ts";
import { createApiResponses } from "../../runtime/server/api-responses.ts";

const ignored = (): never => {
  throw new Error("The document is made without requests.");
};
const ports: ApiPorts = {
  jobs: { list: ignored, find: ignored, cancel: ignored, retry: ignored, listEngines: () => [] },
  authentication: {
    accounts: { read: ignored, update: ignored },
    signInLimiter: { getWaitSeconds: ignored, recordFailure: ignored, recordSuccess: ignored },
    clock: { now: ignored },
  },
  uploads: {
    signer: {
      signUpload: ignored,
      createMultipart: ignored,
      signPart: ignored,
      listParts: ignored,
      completeMultipart: ignored,
      abortMultipart: ignored,
    },
    isDiskFull: ignored,
  },
  responses: createApiResponses(),
  waiting: { ...serverLimits, signal: new AbortController().signal },
  videos: {
    store: { findBySource: ignored, remove: ignored },
    objects: { head: ignored, listVersions: ignored, removeVersions: ignored },
    clock: { now: ignored },
  },
  readSigningKeys: ignored,
  version: readPackageManifest().version,
  log: { info: ignored, warn: ignored, error: ignored },
};

/** The OpenAPI document with every operation. */
export const createOpenApiDocument = () => buildOpenApiDocument(createApi(ports).app, ports);
