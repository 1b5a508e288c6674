import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { openHttpSubscriptions } from "../../../adapters/local/http-subscriptions.ts";
import { createMultipartUploads } from "../../../adapters/local/multipart-uploads.ts";
import { createLocalObjectStore, type LocalObjectStore } from "../../../adapters/local/object-store.ts";
import { createUrlSigner, openSigningKey } from "../../../adapters/local/url-signature.ts";
import type { AuthenticationPorts } from "../../../lambdas/api/authentication.ts";
import type { ApiChannels, ApiResponses, ApiVideos } from "../../../lambdas/api/ports.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import configured from "../../../reelway.config.ts";
import type { Control } from "../../../runtime/control.ts";
import { createApp } from "../../../runtime/server/app.ts";
import { type LocalServer, listen } from "../../../runtime/server/listen.ts";
import { createUploadStore } from "../../../runtime/upload-store.ts";
import { createApiChannels } from "./api-channels.ts";
import { createApiResponses } from "./api-responses.ts";
import { listedJob } from "./listed-job.ts";

/** The runtime's server over an empty object store. */
export interface ServedApp {
  readonly root: string;
  readonly server: LocalServer;
  readonly objects: LocalObjectStore;
  /** Causes of the requests that failed. */
  readonly failures: readonly unknown[];
  close(): Promise<void>;
}

/** @param options `control`: what differs from a runtime without jobs; `listen`: options of the server */
export const serveApp = async (
  options: {
    readonly control?: Partial<Control>;
    readonly responses?: Partial<ApiResponses>;
    /** @default one with a segment */
    readonly channels?: ApiChannels;
    readonly authentication?: AuthenticationPorts;
    /** @default no job exists */
    readonly videoStore?: ApiVideos["store"];
    /** @default no job has an owner */
    readonly findJobOwner?: (jobId: string) => Promise<string | undefined>;
    readonly listen?: Parameters<typeof listen>[1];
    /** Milliseconds since the epoch, for the expiry of signed URLs. */
    readonly now?: () => number;
  } = {},
): Promise<ServedApp> => {
  const root = await mkdtemp(join(tmpdir(), "reelway-server-"));
  await mkdir(join(root, "uploads"));
  const objects = createLocalObjectStore({ directory: join(root, "objects") });
  const failures: unknown[] = [];
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: (_: string, details?: object) => failures.push(details) };
  const subscriptions = await openHttpSubscriptions({
    directory: join(root, "subscriptions"),
    initialBackoffMs: 1,
    log,
  });
  const control: Control = {
    describe: () => ({ data: root, pid: 1, ffmpeg: "missing", slots: 1, engines: [] }),
    inputBucket: "input",
    isDiskFull: () => false,
    listEngines: () => [],
    list: async () => ({ jobs: [] }),
    find: async (id) => ({ kind: "job", ...listedJob(id) }),
    cancel: async () => undefined,
    retry: async () => undefined,
    upload: async (key, file, contentType) => {
      const object = await objects.writeByLink({ bucket: "input", key }, file, { contentType });
      return { ...object, jobId: null };
    },
    ...options.control,
  };
  const multipartUploads = createMultipartUploads({
    directory: join(root, "multipart-uploads"),
    store: createUploadStore(control),
  });
  const server = await listen(0, options.listen);
  const signingKey = await openSigningKey(join(root, "upload-signing-key"));
  server.serve(
    createApp({
      objects,
      buckets: { input: "input", output: "output" },
      control,
      videos: {
        store: options.videoStore ?? { findBySource: async () => [], remove: async () => true },
        objects,
        clock: { now: () => new Date(options.now?.() ?? Date.now()) },
      },
      responses: createApiResponses(options.responses),
      channels: options.channels ?? (await createApiChannels()),
      configuration: parseConfiguration(configured),
      findJobOwner: options.findJobOwner ?? (async () => undefined),
      uploadStaging: join(root, "uploads"),
      transcoder: new Hono(),
      subscriptions,
      authentication: options.authentication,
      multipartUploads,
      signingKey,
      urlSigner: createUrlSigner({
        key: signingKey,
        expirySeconds: 60,
        now: options.now ?? Date.now,
      }),
      version: "1.2.3",
      stopSignal: server.stopSignal,
      log,
    }),
  );
  return {
    root,
    server,
    objects,
    failures,
    async close() {
      await server.close();
      await subscriptions.close();
      await rm(root, { recursive: true, force: true });
    },
  };
};
