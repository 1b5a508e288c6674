import { OpenAPIHono } from "@hono/zod-openapi";
import { decodeSessionKeys } from "../../pipeline/access/signed-value.ts";
import { createTextSigner } from "../../pipeline/access/text-signer.ts";
import { sessionCookieName } from "./authentication.ts";
import { addChannelClips } from "./channel-clips.ts";
import { createChannelReader } from "./channel-reader.ts";
import { addChannelRecords } from "./channel-records.ts";
import { addChannelOperations } from "./channels.ts";
import { addJobCost } from "./job-cost.ts";
import { addJobOperations } from "./jobs.ts";
import { noChannels } from "./no-channels.ts";
import { addPlaybackOperations } from "./playback.ts";
import type { ApiPorts } from "./ports.ts";
import {
  describeProblems,
  limitBody,
  logRequestError,
  rejectInvalid,
  rejectMethod,
  toErrorResponse,
} from "./problems.ts";
import { addReferenceOperations } from "./reference/reference-operations.ts";
import { addResponseOperations } from "./responses.ts";
import { addRouteOperations } from "./routes.ts";
import { addSessionOperations } from "./session.ts";
import { addUploadOperations } from "./uploads.ts";
import { addVideoDeletion } from "./video-deletion.ts";
import { addVideoOutputs } from "./video-outputs.ts";
import { createVideoReader } from "./video-reader.ts";
import { addVideoSource } from "./video-source.ts";
import { addVideoOperations } from "./videos.ts";
import { createWaitingRequests } from "./waiting-requests.ts";

/** The HTTP API. */
export interface Api {
  readonly app: OpenAPIHono;
  /** Makes later lists of jobs and videos include all changes made before this call. */
  invalidateJobs(): void;
}

const securitySchemes = {
  token: {
    type: "http",
    scheme: "bearer",
    description: "A token from `reelway tokens create`.",
  },
  session: {
    type: "apiKey",
    in: "cookie",
    name: sessionCookieName,
    description: `The cookie of a signed-in user; with https, its name is \`__Host-${sessionCookieName}\`.`,
  },
} as const;

/** Builds the OpenAPI document of an API. */
export const buildOpenApiDocument = (
  app: OpenAPIHono,
  { version, authentication }: Pick<ApiPorts, "version" | "authentication">,
) =>
  app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Reelway",
      version,
      description: "Uploads, jobs and outputs of Reelway. Every error is a problem (RFC 9457).",
      license: { name: "Apache License 2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "/", description: "The server that returns this document." }],
    // An empty list: the operation needs no authentication.
    security:
      authentication === undefined ? [] : Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
  });

/** Describes the authentication: its schemes, and its problems at the operations that need it. */
const describeAuthentication = (app: OpenAPIHono): void => {
  for (const [name, scheme] of Object.entries(securitySchemes))
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme);
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route" || definition.route.security !== undefined) continue;
    const { route } = definition;
    const problems =
      route.method === "get"
        ? describeProblems("authentication-required")
        : describeProblems("authentication-required", "insufficient-scope", "forbidden-origin");
    definition.route = { ...route, responses: { ...problems, ...route.responses } };
  }
};

/** Responds to the methods that a path does not have with status 405. */
const addMethodRejections = (app: OpenAPIHono): void => {
  const methodsByPath = new Map<string, string[]>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { method, path } = definition.route;
    const methods = methodsByPath.get(path) ?? [];
    methods.push(...(method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]));
    methodsByPath.set(path, methods);
  }
  for (const [path, methods] of methodsByPath)
    app.all(path.replaceAll(/\{(.+?)\}/g, ":$1"), rejectMethod(methods));
};

/** Creates the HTTP API. All its paths are at the root. */
export const createApi = (ports: ApiPorts): Api => {
  const app = new OpenAPIHono({ defaultHook: rejectInvalid });
  app.onError((cause, context) =>
    toErrorResponse(cause, ports.toProblem, (error) => logRequestError(ports.log, context, error)),
  );
  app.use("/jobs/*", limitBody());
  const invalidations: (() => void)[] = [];
  const invalidateJobs = (): void => {
    for (const invalidate of invalidations) invalidate();
  };
  const { waiting } = ports;
  const waitingRequests = waiting === undefined ? undefined : createWaitingRequests(waiting);
  invalidations.push(addJobOperations(app, ports, waitingRequests, invalidateJobs));
  addJobCost(app, ports);
  addRouteOperations(app, ports.configuration);
  addResponseOperations(app, ports.responses, ports.uploads);
  addUploadOperations(app, ports.uploads, {
    idSigner: createTextSigner("upload", ports.readSigningKeys),
    onStored: invalidateJobs,
  });
  const { jobs, videos, channels = noChannels } = ports;
  const responses = ports.responses.store;
  const reader = createVideoReader({ jobs, videos, responses });
  invalidations.push(addVideoOperations(app, { jobs, reader, responses }));
  addVideoOutputs(app, reader);
  addVideoSource(app, { reader, videos });
  addVideoDeletion(app, {
    jobs,
    videos,
    reader,
    responses,
    confirmationSigner: createTextSigner("delete-video", ports.readSigningKeys),
    onDeleted: invalidateJobs,
  });
  const channelReader = createChannelReader({ channels, jobs, videos: reader });
  addChannelOperations(app, {
    reader: channelReader,
    store: channels.store,
    ...(waiting === undefined || waitingRequests === undefined
      ? {}
      : { events: { waitingRequests, heartbeatMs: waiting.heartbeatMs, log: ports.log } }),
  });
  addChannelClips(app, { reader: channelReader, channels, onCreated: invalidateJobs });
  addChannelRecords(app, { reader: channelReader, store: channels.store });
  const { authentication } = ports;
  // The rotation of the session key also ends shares, which nothing else revokes.
  const readShareKeys =
    authentication === undefined
      ? ports.readSigningKeys
      : async () => decodeSessionKeys(await authentication.accounts.read());
  addPlaybackOperations(app, {
    reader,
    videos,
    shareSigner: createTextSigner("share", readShareKeys),
  });
  if (authentication !== undefined) addSessionOperations(app, authentication, ports.log);
  addReferenceOperations(app, () => buildOpenApiDocument(app, ports));
  if (authentication !== undefined) describeAuthentication(app);
  addMethodRejections(app);
  return { app, invalidateJobs };
};
