import { readPackageManifest } from "../../../build/package-manifest.ts";
import { buildOpenApiDocument, createApi } from "../../../lambdas/api/app.ts";
import type { ApiPorts } from "../../../lambdas/api/ports.ts";
import { serverLimits } from "../../../runtime/server/limits.ts";
import { unexpected, unusedPorts } from "./unused-ports.ts";

const ports: ApiPorts = {
  ...unusedPorts,
  authentication: {
    accounts: { read: unexpected, update: unexpected },
    rateLimiter: { take: unexpected },
    clock: { now: unexpected },
  },
  waiting: { ...serverLimits, signal: new AbortController().signal },
  version: readPackageManifest().version,
};

/** The OpenAPI document with every operation. */
export const createOpenApiDocument = () => buildOpenApiDocument(createApi(ports).app, ports);
