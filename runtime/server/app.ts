import type { Hono } from "hono";
import type { HttpSubscriptions } from "../../adapters/local/http-subscriptions.ts";
import type { MultipartUploads } from "../../adapters/local/multipart-uploads.ts";
import { createLocalPlaybackSigner } from "../../adapters/local/playback-signer.ts";
import { createLocalSourceSigner } from "../../adapters/local/source-signer.ts";
import {
  createLocalUploadSigner,
  uploadFormPath,
  uploadPartsPath,
} from "../../adapters/local/upload-signer.ts";
import type { UrlSigner } from "../../adapters/local/url-signature.ts";
import { createApi } from "../../lambdas/api/app.ts";
import { type AuthenticationPorts, getCaller, requireOperator } from "../../lambdas/api/authentication.ts";
import { createOuterApp } from "../../lambdas/api/outer-app.ts";
import type { ApiChannels, ApiPorts, ApiResponses, ApiVideos } from "../../lambdas/api/ports.ts";
import { rejectMethod } from "../../lambdas/api/problems.ts";
import { canAccess } from "../../pipeline/access/caller.ts";
import { isPagePath } from "../../pipeline/api/page.ts";
import { ownershipMetadata } from "../../pipeline/jobs/ownership.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { ObjectHead, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { getOwnerId } from "../../pipeline/uploads/user-metadata.ts";
import type { Control } from "../control.ts";
import { serverLimits } from "./limits.ts";
import { serveObjects } from "./objects.ts";
import { createPage } from "./page.ts";
import { requirePlaybackAccess } from "./playback-access.ts";
import { createSignedUploadsApi } from "./signed-uploads.ts";
import { requireSourceAccess } from "./source-access.ts";
import { createSubscriptionsApi } from "./subscriptions.ts";
import { toSystemProblem } from "./system-problem.ts";

interface AppOptions {
  readonly objects: ObjectStore;
  readonly buckets: { readonly input: string; readonly output: string };
  readonly control: Control;
  readonly videos: Omit<ApiVideos, "playbackSigner" | "sourceSigner">;
  readonly responses: ApiResponses;
  readonly channels: ApiChannels;
  readonly configuration: ApiPorts["configuration"];
  /** Id of the user that a job and its outputs belong to; undefined if they belong to nobody. */
  readonly findJobOwner: (jobId: string) => Promise<string | undefined>;
  /** Folder for incomplete uploads. */
  readonly uploadStaging: string;
  readonly multipartUploads: MultipartUploads;
  readonly urlSigner: UrlSigner;
  /** Key of 32 bytes for what the API signs for itself. */
  readonly signingKey: Uint8Array;
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

const inputPrefix = "/input/";
const outputPrefix = "/output/";

/** Paths whose requests are or can be signed. */
const isSignedPath = (path: string): boolean =>
  path === uploadFormPath ||
  path.startsWith(`${uploadPartsPath}/`) ||
  path.startsWith(inputPrefix) ||
  path.startsWith(outputPrefix) ||
  path.startsWith("/2012-09-25/");

/** Creates the HTTP app of the one-machine runtime. */
export const createApp = (options: AppOptions): Hono => {
  const { control, version, log, authentication } = options;
  const playbackSigner = createLocalPlaybackSigner({
    key: options.signingKey,
    now: () => options.videos.clock.now().getTime(),
  });
  const api = createApi({
    jobs: control,
    uploads: {
      signer: createLocalUploadSigner(options.multipartUploads, options.urlSigner),
      isDiskFull: control.isDiskFull,
    },
    responses: options.responses,
    channels: options.channels,
    configuration: options.configuration,
    waiting: { ...serverLimits, signal: options.stopSignal },
    videos: {
      ...options.videos,
      sourceSigner: createLocalSourceSigner(options.urlSigner),
      ...(authentication === undefined ? {} : { playbackSigner }),
    },
    readSigningKeys: async () => [options.signingKey],
    ...(authentication === undefined ? {} : { authentication }),
    version,
    toProblem: toSystemProblem,
    log,
  });
  const page = createPage();
  const app = createOuterApp({
    ...(authentication === undefined ? {} : { authentication }),
    responses: options.responses,
    toProblem: toSystemProblem,
    log,
    isPublicPath: (path) => isSignedPath(path) || isPagePath(path),
    respondNotFound: page.respondNotFound,
    availablePaths: ["/output/KEY", "/input/KEY", "/2012-09-25 (transcoder API)"],
  });
  if (authentication !== undefined) {
    app.use(`${inputPrefix}*`, requireSourceAccess({ signer: options.urlSigner, authentication }));
    app.use(
      `${outputPrefix}*`,
      requirePlaybackAccess({ signer: playbackSigner, authentication, prefix: outputPrefix }),
    );
  }
  const { input, output } = options.buckets;
  const serve = (
    name: string,
    bucket: string,
    findOwner: (head: ObjectHead) => Promise<string | undefined>,
  ) =>
    app.get(
      `/${name}/*`,
      serveObjects({
        objects: options.objects,
        bucket,
        prefix: `/${name}/`,
        // The signature of a source has its version; that of an output does not.
        hasVersions: name === "input",
        canRead: async (context, head) => {
          const caller = getCaller(context);
          return caller.isOperator || canAccess(caller, await findOwner(head));
        },
      }),
    );
  serve("input", input, async ({ metadata }) => getOwnerId(metadata));
  serve("output", output, async ({ metadata }) => {
    const job = metadata[ownershipMetadata.job];
    return job === undefined ? undefined : options.findJobOwner(job);
  });
  app.route(
    "/",
    createSignedUploadsApi({
      control,
      uploads: options.multipartUploads,
      signer: options.urlSigner,
      uploadStaging: options.uploadStaging,
      invalidateJobs: api.invalidateJobs,
    }),
  );
  app.all(uploadFormPath, rejectMethod(["POST"]));
  for (const name of ["input", "output"]) app.all(`/${name}/*`, rejectMethod(["GET", "HEAD"]));
  app.use("/reelway/*", requireOperator);
  app.get("/reelway/runtime", (context) => context.json(control.describe()));
  app.route("/reelway/subscriptions", createSubscriptionsApi(options.subscriptions));
  app.all("/2012-09-25/*", (context) => options.transcoder.fetch(context.req.raw));
  app.route("/", api.app);
  app.route("/", page.app);
  return app;
};
