import { expect } from "chai";
import * as fc from "fast-check";
import { isViewPath } from "../../pipeline/api/page.ts";
import type { JobStore } from "../../pipeline/jobs/job-store.ts";
import { archivedRange } from "../runtime/server/api-channels.ts";
import { checkDocumented, type OpenApiDocument } from "../runtime/server/api-client.ts";
import { type Examples, generateRequests, type OperationRequest } from "../runtime/server/api-requests.ts";
import type { Answer } from "../runtime/server/raw-request.ts";

/** The HTTP API in one home: on one machine or on AWS. */
export interface ApiHome {
  readonly document: OpenApiDocument;
  /** Sends a request of an operator. */
  send(
    path: string,
    options: {
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
    },
  ): Promise<Answer>;
  /** Creates what an operation needs and returns its ids etc. by the names of the parameters. */
  createExamples(operationId: string): Promise<Examples>;
  /** Causes of the requests that failed. */
  readonly failures: readonly unknown[];
  close(): Promise<void>;
}

/** Starts an upload and sends its only part. Returns the parameters of the operations that continue it. */
const createUpload = async (send: ApiHome["send"], filename: string): Promise<Examples> => {
  const created = await send("/s3/multipart", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ filename, type: "video/mp4" }),
  });
  const { uploadId, key } = JSON.parse(created.body);
  const path = `/s3/multipart/${encodeURIComponent(uploadId)}/1?key=${encodeURIComponent(key)}`;
  const signed = await send(path, { method: "GET", headers: {} });
  const { headers } = await fetch(JSON.parse(signed.body).url, { method: "PUT", body: "a part" });
  return {
    filename,
    type: "video/mp4",
    uploadId,
    key,
    partNumber: 1,
    parts: [{ PartNumber: 1, ETag: headers.get("etag") }],
  };
};

/** Parameters of a request for the upload of a response. Each needs another person. */
const createResponseExamples = (number: number): Examples => ({
  project: "course",
  step: "intro",
  mail: `person-${number}@example.org`,
  type: "mp4",
});

/** Operations of a Complete video. */
const playbackOperations: ReadonlySet<string> = new Set([
  "playVideo",
  "shareVideo",
  "openShare",
  "listVideoOutputs",
]);

/** Shares a video. Returns the parameters of the operations that play it. */
const createShare = async (send: ApiHome["send"], id: string): Promise<Examples> => {
  const { body } = await send(`/videos/${id}/shares`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"expiresInSeconds":60}',
  });
  const token = new URL(JSON.parse(body).url).pathname.split("/").at(-1);
  return { id, expiresInSeconds: 60, token };
};

/** Asks to delete a video. Returns the token that confirms it. */
const confirmDeletion = async (send: ApiHome["send"], id: string): Promise<string> => {
  const { body } = await send(`/videos/${id}`, { method: "DELETE", headers: {} });
  return JSON.parse(body).confirmation.token;
};

/** Operations of a channel. */
const channelOperation = /Channel|createClip|getHighlights|listLabels|listCelebrities|listAppearances/;

/** What a home gives to `createExamples`. */
interface ExampleOptions {
  readonly operationId: string;
  /** Different for each call. */
  readonly number: number;
  readonly send: ApiHome["send"];
  readonly user: { readonly name: string; readonly password: string };
  readonly jobs: Pick<JobStore, "closeJob">;
  /** Stores and claims an upload. Returns the id of its job. */
  readonly addJob: (key: string) => Promise<string>;
}

/** Creates what an operation needs, in any home. Returns the values of its parameters and fields. */
export const createExamples = async ({
  operationId,
  number,
  send,
  user,
  jobs,
  addJob,
}: ExampleOptions): Promise<Examples> => {
  if (channelOperation.test(operationId)) return { name: "news", ...archivedRange };
  if (operationId === "requestResponseUpload") return createResponseExamples(number);
  const isPlayback = playbackOperations.has(operationId);
  const folder = isPlayback ? "unprocessed-videos/" : /Video/.test(operationId) ? "" : "thumbnails/";
  const key = `${folder}example-${number}.mp4`;
  const id = await addJob(key);
  if (isPlayback) {
    await jobs.closeJob(id, 1, {
      status: "Complete",
      outputs: [{ key: `watermarked/example-${number}.mp4.mp4`, bytes: 1 }],
      detail: "done",
    });
    return createShare(send, id);
  }
  if (operationId !== "cancelJob")
    await jobs.closeJob(id, 1, {
      status: "Error",
      error: { code: 4000, name: "Unknown", message: "A fault.", retryable: true },
      detail: "a fault",
    });
  return {
    id,
    ...user,
    ...(await createUpload(send, key)),
    ...(operationId === "deleteVideo" ? { confirmation: await confirmDeletion(send, id) } : {}),
  };
};

/** The operation whose response ends with the connection alone. test/runtime/server has its tests. */
const endlessOperation = "streamChannelEvents";

/** Requests to each operation that break a rule or not. */
const runsPerOperation = 40;

/** Tests that every operation answers as the OpenAPI document says. */
export const describeApi = (name: string, open: () => Promise<ApiHome>): void => {
  describe(`the HTTP API ${name}`, () => {
    let home: ApiHome;
    before(async () => {
      home = await open();
    });
    after(() => home.close());

    /** Sends a request and checks its response, unless its path is that of no operation. */
    const call = async (path: string, method: string, request: OperationRequest): Promise<Answer> => {
      const answer = await home.send(request.path, {
        method: method.toUpperCase(),
        headers: { "content-type": "application/json" },
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      // Clients resolve dot segments, e.g. /videos/.. to the page.
      const isPage = isViewPath(new URL(request.path, "http://localhost").pathname);
      if (!isPage && !/"\/problems\/(path-not-found|method-not-allowed)"/.test(answer.body))
        checkDocumented(home.document, path, method.toUpperCase(), answer);
      return answer;
    };

    it("answers a valid request to every operation, and any other without an internal error", async function () {
      this.timeout(240_000);
      for (const [path, operations] of Object.entries(home.document.paths))
        for (const [method, { operationId }] of Object.entries(operations)) {
          if (operationId === endlessOperation) continue;
          let examples = await home.createExamples(operationId);
          const [request] = fc.sample(
            generateRequests(home.document, path, method, { examples, isValid: true }),
            1,
          );
          if (request === undefined) throw new Error("No request was generated.");
          const { status, body } = await call(path, method, request);
          expect(status, `${method} ${request.path} ${request.body}: ${body}`).to.be.below(400);
          examples = await home.createExamples(operationId);
          await fc.assert(
            fc.asyncProperty(
              generateRequests(home.document, path, method, { examples, isValid: false }),
              async (any) => {
                const answer = await call(path, method, any);
                expect(answer.status, answer.body).to.be.below(500);
              },
            ),
            { numRuns: runsPerOperation },
          );
        }
      expect(home.failures).to.deep.equal([]);
    });
  });
};
