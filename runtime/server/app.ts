import { Hono } from "hono";
import type { HttpSubscriptions } from "../../adapters/local/http-subscriptions.ts";
import type { MultipartUploads } from "../../adapters/local/multipart-uploads.ts";
import { createLocalPlaybackSigner } from "../../adapters/local/playback-signer.ts";
import { createLocalUploadSigner, signedUploadsPath } from "../../adapters/local/upload-signer.ts";
import type { UrlSigner } from "../../adapters/local/url-signature.ts";
import { createApi } from "../../lambdas/api/app.ts";
import { type AuthenticationPorts, requireAuthentication } from "../../lambdas/api/authentication.ts";
import { logRequestError, toErrorResponse, toProblemResponse } from "../../lambdas/api/problems.ts";
import { createProblem } from "../../pipeline/api/problem.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import type { Control } from "../control.ts";
import { createControlApi } from "./control.ts";
import { serverLimits } from "./limits.ts";
import { serveObjects } from "./objects.ts";
import { requirePlaybackAccess } from "./playback-access.ts";
import { createSignedUploadsApi } from "./signed-uploads.ts";
import { createSubscriptionsApi } from "./subscriptions.ts";
import { toSystemProblem } from "./system-problem.ts";

interface AppOptions {
  readonly objects: ObjectStore;
  readonly buckets: { readonly input: string; readonly output: string };
  readonly control: Control;
  /** Folder for incomplete uploads. */
  readonly uploadStaging: string;
  readonly multipartUploads: MultipartUploads;
  readonly urlSigner: UrlSigner;
  /** Key of the signatures of playback and of shares. */
  readonly playbackKey: Uint8Array;
  /** Milliseconds since the epoch, for the expiry of playback and of shares. */
  readonly now: () => number;
  /** The transcoder API, with all its paths under /2012-09-25. */
  readonly transcoder: Hono;
  readonly subscriptions: HttpSubscriptions;
  /** Absent: every program on this machine may do everything. */
  readonly authentication?: AuthenticationPorts | undefined;
  /** Version of Reelway. */
  readonly version: string;
  /** Aborted when the server stops; ends the requests that wait. */
  readonly stopSignal: AbortSignal;
  readonly log: Logger;
}

const outputPrefix = "/output/";

/** Paths that need no session: those of the sign-in, and those whose requests are or can be signed. */
const isPublicPath = (path: string): boolean =>
  ["/session", "/sign-in", "/openapi.json"].includes(path) ||
  path === signedUploadsPath ||
  path.startsWith(`${signedUploadsPath}/`) ||
  path.startsWith("/shares/") ||
  path.startsWith(outputPrefix) ||
  path.startsWith("/2012-09-25/");

/** Creates the HTTP app of the one-machine runtime. */
export const createApp = (options: AppOptions): Hono => {
  const { control, version, log, authentication } = options;
  const playbackSigner = createLocalPlaybackSigner({ key: options.playbackKey, now: options.now });
  const api = createApi({
    jobs: control,
    uploads: {
      signer: createLocalUploadSigner(options.multipartUploads, options.urlSigner),
      isDiskFull: control.isDiskFull,
    },
    playback: {
      signer: playbackSigner,
      readShareKey: async () => options.playbackKey,
      clock: { now: () => new Date(options.now()) },
    },
    waiting: { ...serverLimits, signal: options.stopSignal },
    ...(authentication === undefined ? {} : { authentication }),
    version,
    toProblem: toSystemProblem,
    log,
  });
  const app = new Hono();
  app.onError((cause, context) =>
    toErrorResponse(cause, toSystemProblem, (error) => logRequestError(log, context, error)),
  );
  app.notFound(({ req }) =>
    toProblemResponse(
      createProblem(
        "path-not-found",
        `Path ${req.path} does not exist. Available paths: the API at /openapi.json, /output/KEY, /input/KEY and the transcoder API at /2012-09-25.`,
      ),
    ),
  );
  if (authentication !== undefined) app.use(requireAuthentication(authentication, isPublicPath));
  if (authentication !== undefined)
    app.use(
      `${outputPrefix}*`,
      requirePlaybackAccess({ signer: playbackSigner, authentication, prefix: outputPrefix }),
    );
  for (const [name, bucket] of Object.entries(options.buckets))
    app.get(`/${name}/*`, serveObjects(options.objects, bucket, `/${name}/`));
  app.route("/reelway/subscriptions", createSubscriptionsApi(options.subscriptions));
  app.route(
    signedUploadsPath,
    createSignedUploadsApi({
      control,
      uploads: options.multipartUploads,
      signer: options.urlSigner,
      uploadStaging: options.uploadStaging,
      invalidateJobs: api.invalidateJobs,
    }),
  );
  app.route("/reelway", createControlApi(control, options.uploadStaging, api.invalidateJobs));
  app.all("/2012-09-25/*", (context) => options.transcoder.fetch(context.req.raw));
  app.route("/", api.app);
  return app;
};
