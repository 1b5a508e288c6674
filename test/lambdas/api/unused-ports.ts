import type { ApiPorts } from "../../../lambdas/api/ports.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import configured from "../../../reelway.config.ts";
import { createApiResponses } from "../../runtime/server/api-responses.ts";

/** A port that the test does not use. */
export const unexpected = (): never => {
  throw new Error("unexpected call");
};

/** Ports of an API without authentication. A test replaces those that it uses. */
export const unusedPorts: ApiPorts = {
  jobs: {
    inputBucket: "input",
    list: unexpected,
    find: unexpected,
    cancel: unexpected,
    retry: unexpected,
    listEngines: () => [],
  },
  uploads: {
    signer: {
      signUpload: unexpected,
      createMultipart: unexpected,
      signPart: unexpected,
      listParts: unexpected,
      completeMultipart: unexpected,
      abortMultipart: unexpected,
    },
    isDiskFull: () => false,
  },
  responses: createApiResponses(),
  configuration: parseConfiguration(configured),
  videos: {
    store: { findBySource: unexpected, remove: unexpected },
    objects: { head: unexpected, listVersions: unexpected, removeVersions: unexpected },
    sourceSigner: { signUrl: unexpected },
    clock: { now: unexpected },
  },
  readSigningKeys: async () => [new Uint8Array(32)],
  version: "1.2.3",
  log: { info: unexpected, warn: unexpected, error: unexpected },
};
