import { getConnInfo } from "@hono/node-server/conninfo";
import type { Hono } from "hono";
import type { HttpSubscriptions } from "../adapters/local/http-subscriptions.ts";
import { createMultipartUploads, type MultipartUploads } from "../adapters/local/multipart-uploads.ts";
import type { LocalObjectStore } from "../adapters/local/object-store.ts";
import { createUrlSigner, openSigningKey } from "../adapters/local/url-signature.ts";
import { readPackageManifest } from "../build/package-manifest.ts";
import type { AuthenticationPorts } from "../lambdas/api/authentication.ts";
import type { ApiChannels } from "../lambdas/api/ports.ts";
import type { Configuration } from "../pipeline/configuration/configuration.ts";
import type { JobStore } from "../pipeline/jobs/job-store.ts";
import type { Clock } from "../pipeline/ports/clock.ts";
import type { Logger } from "../pipeline/ports/logger.ts";
import type { RateLimiter } from "../pipeline/ports/rate-limiter.ts";
import type { ResponseStore } from "../pipeline/responses/response-store.ts";
import type { Control } from "./control.ts";
import type { DataFolder } from "./data-folder.ts";
import { localBuckets } from "./names.ts";
import { createApp } from "./server/app.ts";
import type { LocalServer } from "./server/listen.ts";
import { createUploadStore } from "./upload-store.ts";

/** Default validity of a signed upload. */
const uploadUrlExpirySeconds = 3600;

interface ServeApiOptions {
  readonly folder: DataFolder;
  readonly configuration: Pick<Configuration, "responses" | "routes" | "ignored" | "limits" | "taskSizes">;
  readonly control: Control;
  readonly jobs: JobStore;
  readonly objects: LocalObjectStore;
  /** The objects, whose removal also removes links and copies of them. */
  readonly removingObjects: Parameters<typeof createApp>[0]["videos"]["objects"];
  readonly responses: ResponseStore;
  readonly channels: ApiChannels;
  readonly rateLimiter: RateLimiter;
  readonly authentication: AuthenticationPorts | undefined;
  readonly transcoder: Hono;
  readonly subscriptions: HttpSubscriptions;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Serves the API and the outputs. Returns the uploads in parts. */
export const serveApi = async (server: LocalServer, options: ServeApiOptions): Promise<MultipartUploads> => {
  const { folder, configuration, control, jobs, clock } = options;
  const multipartUploads = createMultipartUploads({
    directory: folder.multipartUploads,
    store: createUploadStore(control),
  });
  await multipartUploads.removeIncompleteParts();
  const signingKey = await openSigningKey(folder.uploadSigningKey);
  server.serve(
    createApp({
      multipartUploads,
      signingKey,
      urlSigner: createUrlSigner({ key: signingKey, expirySeconds: uploadUrlExpirySeconds, now: Date.now }),
      objects: options.objects,
      buckets: localBuckets,
      control,
      videos: { store: jobs, objects: options.removingObjects, clock },
      responses: {
        store: options.responses,
        rateLimiter: options.rateLimiter,
        settings: configuration.responses,
        routes: configuration,
        clock,
        readKey: async () => signingKey,
        getClientAddress: (context) => getConnInfo(context).remote.address ?? "",
      },
      channels: options.channels,
      configuration,
      findJobOwner: async (id) => (await jobs.read(id))?.ownerId,
      uploadStaging: folder.uploadStaging,
      transcoder: options.transcoder,
      subscriptions: options.subscriptions,
      authentication: options.authentication,
      version: readPackageManifest().version,
      stopSignal: server.stopSignal,
      log: options.log,
    }),
  );
  return multipartUploads;
};
