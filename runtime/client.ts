import * as z from "zod";
import {
  type ChannelDocument,
  channelDocumentSchema,
  channelListSchema,
} from "../pipeline/api/channel-document.ts";
import { type JobDetails, jobDetailsSchema } from "../pipeline/api/job-document.ts";
import { type JobList, jobListSchema } from "../pipeline/api/job-list.ts";
import type { JobPageQuery, JobsClient } from "../pipeline/api/jobs-client.ts";
import { problemSchema } from "../pipeline/api/problem.ts";
import {
  completedUploadSchema,
  createdUploadSchema,
  signedPartSchema,
  uploadedPartSchema,
} from "../pipeline/api/uploads.ts";
import { CommandError, formatError } from "../pipeline/errors/errors.ts";
import type { CompletedUpload, MultipartReference } from "../pipeline/ports/upload-signer.ts";
import { parseJson } from "../pipeline/text/parse-json.ts";
import { getContentType } from "../pipeline/uploads/content-type.ts";
import { resolveDataFolder } from "./data-folder.ts";
import { findRunningAddress, type RuntimeAddress } from "./runtime-record.ts";
import type { UploadFile } from "./upload-file.ts";
import {
  type MultipartClient,
  TransientError,
  type UploadInPartsOptions,
  uploadInParts,
} from "./upload-in-parts.ts";

const subscriptionSchema = z.object({ topic: z.string(), url: z.string() });
const subscriptionListSchema = z.object({ subscriptions: z.array(subscriptionSchema) });
/** An HTTP subscriber of a topic. */
export type Subscription = z.infer<typeof subscriptionSchema>;

/** How to find a runtime: by its data folder, or by its port. */
export interface RuntimeLocation {
  readonly data: string;
  readonly port?: number;
}

/** Client of a running runtime's HTTP API. All methods throw CommandError if the request fails. */
export interface RuntimeClient extends JobsClient {
  upload(
    file: UploadFile,
    metadata: Readonly<Record<string, string>>,
    options: UploadInPartsOptions,
  ): Promise<CompletedUpload>;
  /**
   * Waits up to 20 s for a change of a page.
   *
   * @param knownEtag ETag of an earlier call; absent: the call does not wait
   * @returns `list` is absent if nothing has changed
   */
  watchJobs(
    query: JobPageQuery,
    knownEtag?: string,
  ): Promise<{ readonly list: JobList | undefined; readonly etag: string }>;
  listChannels(): Promise<readonly ChannelDocument[]>;
  changeChannel(name: string, action: "pause" | "resume"): Promise<ChannelDocument>;
  listSubscriptions(): Promise<readonly Subscription[]>;
  subscribe(subscription: Subscription): Promise<void>;
  unsubscribe(subscription: Subscription): Promise<void>;
}

/** The problem's detail, or the status of a response that is no problem. */
const describeFailure = (status: number, body: unknown): string => {
  const problem = problemSchema.safeParse(body);
  return problem.success ? problem.data.detail : `The request to the runtime failed with status ${status}.`;
};

const parseResponse = async <Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
): Promise<z.output<Schema>> => {
  const body = parseJson(await response.text());
  if (body === undefined)
    throw new CommandError(
      `The response (status ${response.status}) is not JSON. Another program may use this port; check it with: npx reelway doctor`,
    );
  if (!response.ok) throw new CommandError(describeFailure(response.status, body));
  const parsed = schema.safeParse(body);
  if (!parsed.success)
    throw new CommandError("Unexpected response from the runtime. It may run another version; restart it.");
  return parsed.data;
};

/** The parameters of a page of the job list. */
const toParameters = (query: JobPageQuery): URLSearchParams =>
  new URLSearchParams(
    Object.fromEntries(
      Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    ),
  );

/** Creates a client of a runtime on 127.0.0.1. */
export const createClient = ({ port, token }: RuntimeAddress): RuntimeClient => {
  const base = `http://127.0.0.1:${port}`;
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    try {
      return await fetch(new URL(path, base), { ...init, headers });
    } catch (cause) {
      const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
      throw new TransientError(
        `No runtime responds at 127.0.0.1:${port} (${formatError(reason)}). Start it in another terminal: npm start`,
        { cause },
      );
    }
  };
  /** Rejects with TransientError for a status after which the same request may succeed. */
  const requestRepeatably = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await request(path, init);
    if (response.ok) return response;
    const message = describeFailure(response.status, parseJson(await response.text()));
    throw [408, 500, 502, 503].includes(response.status)
      ? new TransientError(message)
      : new CommandError(message);
  };
  const toPost = (body: unknown): RequestInit => ({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const post = async (path: string, body: unknown): Promise<JobDetails> =>
    parseResponse(await request(path, toPost(body)), jobDetailsSchema);
  const changeSubscriptions = async (method: string, subscription: Subscription): Promise<void> => {
    const init = {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(subscription),
    };
    await parseResponse(await request("/reelway/subscriptions", init), subscriptionListSchema);
  };
  const getUploadPath = ({ uploadId, key }: MultipartReference, operation = ""): string =>
    `/s3/multipart/${uploadId}${operation}?${new URLSearchParams({ key })}`;
  const uploads: MultipartClient = {
    create: async ({ key, contentType, metadata }) =>
      parseResponse(
        await requestRepeatably("/s3/multipart", toPost({ filename: key, type: contentType, metadata })),
        createdUploadSchema,
      ),
    async listParts(upload) {
      const response = await request(getUploadPath(upload));
      if (response.status === 404) return undefined;
      const parts = await parseResponse(response, z.array(uploadedPartSchema));
      return parts.map(({ PartNumber, ETag, Size }) => ({ partNumber: PartNumber, etag: ETag, bytes: Size }));
    },
    signPart: async (upload, partNumber) =>
      parseResponse(await requestRepeatably(getUploadPath(upload, `/${partNumber}`), {}), signedPartSchema),
    sendPart: requestRepeatably,
    complete: async (upload, parts) =>
      parseResponse(
        await requestRepeatably(
          getUploadPath(upload, "/complete"),
          toPost({ parts: parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag })) }),
        ),
        completedUploadSchema,
      ),
    async abort(upload) {
      await requestRepeatably(getUploadPath(upload), { method: "DELETE" });
    },
  };
  return {
    upload: (file, metadata, options) =>
      uploadInParts(uploads, file, { contentType: getContentType(file.key), metadata }, options),
    list: async (query) => parseResponse(await request(`/jobs?${toParameters(query)}`), jobListSchema),
    async watchJobs(query, knownEtag) {
      const wait = knownEtag === undefined ? "" : "&wait=20";
      const response = await request(`/jobs?${toParameters(query)}${wait}`, {
        headers: knownEtag === undefined ? {} : { "if-none-match": knownEtag },
      });
      const etag = response.headers.get("etag") ?? "";
      if (response.status === 304) return { list: undefined, etag };
      return { list: await parseResponse(response, jobListSchema), etag };
    },
    async get(id) {
      return parseResponse(await request(`/jobs/${encodeURIComponent(id)}`), jobDetailsSchema);
    },
    cancel: async (id) => post(`/jobs/${encodeURIComponent(id)}/cancel`, {}),
    retry: async (id, force) => post(`/jobs/${encodeURIComponent(id)}/retry`, { force }),
    async listChannels() {
      return (await parseResponse(await request("/channels"), channelListSchema)).channels;
    },
    async changeChannel(name, action) {
      const response = await request(`/channels/${encodeURIComponent(name)}/${action}`, { method: "POST" });
      return parseResponse(response, channelDocumentSchema);
    },
    listSubscriptions: async () =>
      (await parseResponse(await request("/reelway/subscriptions"), subscriptionListSchema)).subscriptions,
    subscribe: (subscription) => changeSubscriptions("PUT", subscription),
    unsubscribe: (subscription) => changeSubscriptions("DELETE", subscription),
  };
};

/**
 * Finds a runtime by its port if set, else by its data folder.
 *
 * @throws CommandError if no runtime is running
 */
export const findRuntime = async ({ data, port }: RuntimeLocation): Promise<RuntimeClient> => {
  const folder = resolveDataFolder(data);
  const running = await findRunningAddress(folder.runtimeRecord);
  const address = port === undefined || port === running?.port ? running : { port };
  if (address === undefined)
    throw new CommandError(
      `No runtime is running on the data folder ${folder.root}. Start it in another terminal: npm start${data === ".reelway" ? "" : ` -- --data ${data}`}`,
    );
  return createClient(address);
};
