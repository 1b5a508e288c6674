import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createFileAccountStore } from "../../../adapters/local/account-store.ts";
import { createToken, findUser, setUser } from "../../../pipeline/access/accounts.ts";
import { archivedRange } from "./api-channels.ts";
import { type OpenApiDocument, readOpenApi } from "./api-client.ts";
import { type JobServer, openJobServer } from "./job-server.ts";
import { createMemoryRateLimiter } from "./rate-limiter.ts";
import { type Answer, sendRequest } from "./raw-request.ts";

type User = "ann" | "ben" | "operator";
interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Id that no job and no upload has. */
const missingId = "z".repeat(52);

/** As Chromium sends them for a form or script of the same page. */
const ownPage = { "sec-fetch-site": "same-origin" };

describe("two users", () => {
  let folder: string;
  let server: JobServer;
  let document: OpenApiDocument;
  let annsId: string;
  let count = 0;
  const tokens = new Map<User, string>();
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-isolation-"));
    const clock = { now: () => new Date() };
    const accounts = createFileAccountStore(join(folder, "accounts"));
    await accounts.update(async (stored) => {
      let changed = stored;
      for (const name of ["ann", "ben", "operator"] as const) {
        const password = "correct horse battery";
        changed = await setUser(changed, { name, password, isOperator: name === "operator" }, clock.now());
        const ownerId = findUser(changed, name).id;
        const created = createToken(changed, { name, scope: "write", days: 1, ownerId }, clock.now());
        tokens.set(name, created.token);
        changed = created.accounts;
      }
      annsId = findUser(changed, "ann").id;
      return changed;
    });
    server = await openJobServer({}, { accounts, clock, rateLimiter: createMemoryRateLimiter(clock) });
    document = await readOpenApi(server.port);
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const send = (user: User, method: string, path: string, { body, headers }: RequestOptions = {}) =>
    sendRequest(server.port, path, {
      method,
      headers: {
        authorization: `Bearer ${tokens.get(user)}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const parse = ({ body }: Answer) => JSON.parse(body);

  /** Creates an open job of Ann, of a video. */
  const addJob = async (): Promise<string> => {
    count += 1;
    return (await server.addJob(`${annsId}/${count}.mp4`, { ownerId: annsId })).id;
  };
  /** Creates a video of Ann whose upload is stored. */
  const addStoredVideo = async (): Promise<string> => {
    count += 1;
    const key = `${annsId}/film ${count}.mp4`;
    const { versionId = "" } = await server.objects.write(
      { bucket: "input", key },
      { text: "a film of Ann" },
      { contentType: "video/mp4", metadata: { "reelway-owner": annsId } },
    );
    return (await server.addJob(key, { ownerId: annsId, versionId })).id;
  };
  const addPlayableVideo = async (): Promise<string> => {
    const id = await addJob();
    await server.fixture.ports.jobs.closeJob(id, 1, {
      status: "Complete",
      outputs: [{ key: `output/web/${id}.mp4`, bytes: 1 }],
      detail: "done",
    });
    return id;
  };
  const addFailedJob = async (): Promise<string> => {
    const id = await addJob();
    await server.fixture.ports.jobs.closeJob(id, 1, {
      status: "Error",
      error: { code: 4000, name: "Unknown", message: "A fault.", retryable: true },
      detail: "a fault",
    });
    return id;
  };
  /** Starts an upload in parts of Ann, with one part; returns its id and its key for URLs. */
  const addUpload = async () => {
    count += 1;
    const file = { filename: `${count}.mp4`, type: "video/mp4" };
    const { uploadId, key } = parse(await send("ann", "POST", "/s3/multipart", { body: file }));
    const { url } = parse(await send("ann", "GET", `/s3/multipart/${uploadId}/1?key=${key}`));
    const part = await fetch(url, { method: "PUT", body: "a part" });
    return { uploadId, key, etag: part.headers.get("etag") };
  };

  /** Expects the same answer for Ben as for an id that does not exist, and success for Ann and then for the operator. */
  const expectForeign = async (
    method: string,
    toPath: (id: string) => string,
    add: () => Promise<string>,
    options: RequestOptions = {},
    expectOwn = (answer: Answer) => expect(answer.status, answer.body).to.be.below(300),
  ) => {
    const id = await add();
    const refused = await send("ben", method, toPath(id), options);
    const missing = await send("ben", method, toPath(missingId), options);
    expect(refused.status, refused.body).to.equal(404);
    expect(parse(refused)).to.deep.equal(
      JSON.parse(missing.body.replaceAll(/z{20,}/g, ({ length }) => id.slice(0, length))),
    );
    expectOwn(await send("ann", method, toPath(id), options));
    expectOwn(await send("operator", method, toPath(await add()), options));
  };
  const expectForeignUpload = async (
    method: string,
    suffix: string,
    toBody: (etag: string | null) => unknown = () => undefined,
  ) => {
    for (const user of ["ann", "operator"] as const) {
      const { uploadId, key, etag } = await addUpload();
      const options = { body: toBody(etag) };
      const foreignId = parse(
        await send("ben", "POST", "/s3/multipart", { body: { filename: "b.mp4", type: "a/b" } }),
      );
      const withoutSignature = uploadId.split("~")[0];
      const withSignatureOfBen = `${withoutSignature}~${foreignId.uploadId.split("~")[1]}`;
      for (const id of [uploadId, withoutSignature, withSignatureOfBen, `${withoutSignature}~`]) {
        const refused = await send("ben", method, `/s3/multipart/${id}${suffix}?key=${key}`, options);
        expect(refused.status, `${method} ${suffix} ${refused.body}`).to.equal(404);
        expect(parse(refused).type).to.equal("/problems/upload-not-found");
      }
      const own = await send(user, method, `/s3/multipart/${uploadId}${suffix}?key=${key}`, options);
      expect(own.status, own.body).to.be.below(300);
    }
  };
  /** Expects a list that only its owner and the operator see, also by a known ETag. */
  const expectOwnList = async (path: string, field: string) => {
    const id = await addJob();
    const listIds = async (user: User) =>
      parse(await send(user, "GET", path))[field].map((one: { readonly id: string }) => one.id);
    expect(await listIds("ann")).to.include(id);
    expect(await listIds("operator")).to.include(id);
    expect(await listIds("ben")).to.deep.equal([]);
    const { headers } = await send("ann", "GET", path);
    const known = { "if-none-match": String(headers.etag) };
    expect((await send("ann", "GET", path, { headers: known })).status).to.equal(304);
    expect((await send("ben", "GET", path, { headers: known })).status).to.equal(200);
  };
  /** Expects that a file of the same name gets another key, and that nobody names another owner. */
  const expectOwnKey = async (upload: (user: User, metadata: Record<string, string>) => Promise<Answer>) => {
    const keys = await Promise.all(
      (["ann", "ben", "operator"] as const).map(async (user) => {
        const answer = parse(await upload(user, {}));
        return answer.key ?? answer.fields.key;
      }),
    );
    expect(keys[0]).to.equal(`talks/${annsId}/a.mp4`);
    expect(keys[2]).to.equal("talks/a.mp4");
    expect(new Set(keys)).to.have.property("size", 3);
    const forged = await upload("ben", { "Reelway-Owner": annsId });
    expect(forged.status, forged.body).to.equal(400);
  };

  /** Expects that a channel, which belongs to nobody, exists for the operator alone. */
  const expectOperatorsChannel = async (method: string, operation: string, body?: unknown) => {
    const path = `/channels/news${operation}`;
    for (const user of ["ann", "ben"] as const) {
      const refused = await send(user, method, path, { body });
      expect(refused.status, refused.body).to.equal(404);
      expect(parse(refused).type).to.equal("/problems/channel-not-found");
    }
    const answer = await send("operator", method, path, { body });
    expect(answer.status, answer.body).to.be.below(300);
  };

  const expectSameBody = async (path: string): Promise<void> => {
    const [anns, bens] = [await send("ann", "GET", path), await send("ben", "GET", path)];
    expect([anns.status, anns.body]).to.deep.equal([200, bens.body]);
  };

  const cases: Readonly<Record<string, () => Promise<unknown>>> = {
    getOpenApiDocument: () => expectSameBody("/openapi.json"),
    getReference: () => expectSameBody("/reference"),
    listJobs: async () => {
      await expectOwnList("/jobs", "jobs");
      const { key } = (await server.fixture.ports.jobs.read(await addJob()))?.source ?? {};
      const path = `/jobs?${new URLSearchParams({ key: String(key) })}`;
      for (const [user, count] of [
        ["ann", 1],
        ["operator", 1],
        ["ben", 0],
      ] as const)
        expect(parse(await send(user, "GET", path)).jobs, user).to.have.length(count);
    },
    getJob: async () => {
      await expectForeign("GET", (id) => `/jobs/${id}`, addJob);
      await expectForeign("GET", (id) => `/jobs/${id.slice(0, 20)}`, addJob);
    },
    getJobCost: () => expectForeign("GET", (id) => `/jobs/${id}/cost`, addJob),
    cancelJob: async () => {
      await expectForeign("POST", (id) => `/jobs/${id}/cancel`, addJob);
      const id = await addJob();
      await send("ben", "POST", `/jobs/${id}/cancel`);
      expect((await server.fixture.ports.jobs.read(id))?.status).to.equal("Submitted");
    },
    retryJob: () => expectForeign("POST", (id) => `/jobs/${id}/retry`, addFailedJob, { body: {} }),
    streamJobEvents: () => expectForeign("GET", (id) => `/jobs/${id}/events`, addFailedJob),
    signUpload: () =>
      expectOwnKey((user, metadata) =>
        send(
          user,
          "GET",
          `/s3/params?${new URLSearchParams({
            filename: "a.mp4",
            type: "video/mp4",
            "metadata[prefix]": "talks/",
            ...Object.fromEntries(
              Object.entries(metadata).map(([name, value]) => [`metadata[${name}]`, value]),
            ),
          })}`,
        ),
      ),
    createUpload: () =>
      expectOwnKey((user, metadata) =>
        send(user, "POST", "/s3/multipart", {
          body: { filename: "a.mp4", type: "video/mp4", metadata: { prefix: "talks/", ...metadata } },
        }),
      ),
    signUploadPart: () => expectForeignUpload("GET", "/1"),
    listUploadParts: () => expectForeignUpload("GET", ""),
    completeUpload: () =>
      expectForeignUpload("POST", "/complete", (etag) => ({ parts: [{ PartNumber: 1, ETag: etag }] })),
    abortUpload: () => expectForeignUpload("DELETE", ""),
    listRoutes: () => expectSameBody("/routes"),
    listVideos: async () => {
      await expectOwnList("/videos", "videos");
      const owners = async (user: User) =>
        parse(await send(user, "GET", "/videos")).videos.map(
          (one: { readonly ownerId: string }) => one.ownerId,
        );
      expect(new Set(await owners("ann"))).to.deep.equal(new Set([null]));
      expect(await owners("operator")).to.include(annsId);
    },
    getVideo: async () => {
      await expectForeign("GET", (id) => `/videos/${id}`, addJob);
      await expectForeign("GET", (id) => `/videos/${id.slice(0, 20)}`, addJob);
    },
    listVideoOutputs: () => expectForeign("GET", (id) => `/videos/${id}/outputs`, addPlayableVideo),
    getVideoSource: async () => {
      const toPath = (id: string) => `/videos/${id}/source`;
      await expectForeign("GET", toPath, addStoredVideo);
      const answer = await send("ann", "GET", toPath(await addStoredVideo()));
      expect(answer.headers["cache-control"]).to.equal("no-store");
      expect((await sendRequest(server.port, parse(answer).url)).body).to.equal("a film of Ann");
    },
    deleteVideo: async () => {
      await expectForeign(
        "DELETE",
        (id) => `/videos/${id}`,
        addJob,
        {},
        (answer) => expect(parse(answer).type).to.equal("/problems/confirmation-required"),
      );
      const id = await addJob();
      const { token } = parse(await send("ann", "DELETE", `/videos/${id}`)).confirmation;
      const refused = await send("ben", "DELETE", `/videos/${id}?confirmation=${token}`);
      expect(refused.status).to.equal(404);
      expect(await server.fixture.ports.jobs.read(id)).to.include({ id, status: "Submitted" });
      expect((await send("ann", "DELETE", `/videos/${id}?confirmation=${token}`)).status).to.equal(204);
    },
    listChannels: async () => {
      const listNames = async (user: User) =>
        parse(await send(user, "GET", "/channels")).channels.map(
          (channel: { readonly name: string }) => channel.name,
        );
      expect(await listNames("operator")).to.deep.equal(["news"]);
      for (const user of ["ann", "ben"] as const) expect(await listNames(user)).to.deep.equal([]);
      const { headers } = await send("operator", "GET", "/channels");
      const known = { "if-none-match": String(headers.etag) };
      expect((await send("ben", "GET", "/channels", { headers: known })).status).to.equal(200);
    },
    getChannel: () => expectOperatorsChannel("GET", ""),
    pauseChannel: () => expectOperatorsChannel("POST", "/pause"),
    resumeChannel: () => expectOperatorsChannel("POST", "/resume"),
    streamChannelEvents: async () => {
      for (const user of ["ann", "ben"] as const)
        expect((await send(user, "GET", "/channels/news/events")).status).to.equal(404);
      const client = new AbortController();
      const { status, body } = await fetch(`http://127.0.0.1:${server.port}/channels/news/events`, {
        headers: { authorization: `Bearer ${tokens.get("operator")}` },
        signal: client.signal,
      });
      expect(status).to.equal(200);
      await body?.cancel();
      client.abort();
    },
    createClip: () => expectOperatorsChannel("POST", "/clips", archivedRange),
    getHighlights: () => expectOperatorsChannel("GET", "/highlights"),
    listLabels: () => expectOperatorsChannel("GET", "/labels"),
    listCelebrities: () => expectOperatorsChannel("GET", "/celebrities"),
    listAppearances: () => expectOperatorsChannel("GET", "/appearances"),
    playVideo: () => expectForeign("POST", (id) => `/videos/${id}/playback`, addPlayableVideo),
    shareVideo: () =>
      expectForeign("POST", (id) => `/videos/${id}/shares`, addPlayableVideo, {
        body: { expiresInSeconds: 60 },
      }),
    openShare: async () => {
      const share = { body: { expiresInSeconds: 60 } };
      const shared = parse(await send("ann", "POST", `/videos/${await addPlayableVideo()}/shares`, share));
      const { pathname } = new URL(shared.url);
      // Whoever has the link may play this video.
      expect((await send("ben", "GET", pathname)).status).to.equal(200);
      const altered = pathname.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
      for (const path of [altered, pathname.slice(0, -4)])
        expect((await send("ben", "GET", path)).status, path).to.equal(403);
    },
    requestResponseUpload: async () => {
      const path = "/presignedurl/course/intro?mail=ann@example.org&type=mp4";
      expect((await send("ann", "GET", path)).status).to.equal(200);
      const refused = await send("ben", "GET", `${path}&replace=true`);
      expect(refused.status).to.equal(409);
      expect(parse(refused)).to.not.have.property("fields");
    },
    createSession: async () => {
      const credentials = { name: "ann", password: "another password" };
      const answer = await send("ben", "POST", "/session", { body: credentials, headers: ownPage });
      expect(answer.status).to.equal(401);
    },
    getSession: async () => {
      for (const user of ["ann", "ben", "operator"] as const)
        expect(parse(await send(user, "GET", "/session"))).to.deep.equal({
          name: user,
          scope: "write",
          isOperator: user === "operator",
        });
    },
    deleteSession: async () => {
      expect((await send("ben", "DELETE", "/session", { headers: ownPage })).status).to.equal(204);
      expect((await send("ann", "GET", "/session")).status).to.equal(200);
    },
  };

  it("have a case for every operation", () => {
    const operations = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(Object.keys(cases)).to.have.members(operations);
  });

  for (const [operationId, test] of Object.entries(cases))
    it(`are isolated by ${operationId}`, async function () {
      this.timeout(20_000);
      await test();
    });

  it("do not wake each other's waiting lists", async () => {
    const { headers, body } = await send("ben", "GET", "/jobs");
    const waiting = send("ben", "GET", "/jobs?wait=1", {
      headers: { "if-none-match": String(headers.etag) },
    });
    await addJob();
    expect((await waiting).status).to.equal(304);
    expect(parse({ status: 200, headers: {}, body }).jobs).to.deep.equal([]);
  });

  it("read only their own uploads and outputs", async () => {
    const job = await addJob();
    const other = { contentType: "text/plain" };
    const { objects } = server;
    await objects.write(
      { bucket: "input", key: "in" },
      { text: "in" },
      { ...other, metadata: { "reelway-owner": annsId } },
    );
    await objects.write(
      { bucket: "output", key: "out" },
      { text: "out" },
      { ...other, metadata: { "reelway-job": job } },
    );
    await objects.write({ bucket: "output", key: "nobody" }, { text: "no" }, other);
    for (const path of ["/input/in", "/output/out"]) {
      const own = await send("ann", "GET", path);
      expect(own.status).to.equal(200);
      const conditions: readonly Record<string, string>[] = [
        {},
        { "if-none-match": String(own.headers.etag) },
        { range: "bytes=0-0" },
      ];
      expect((await send("operator", "GET", path)).status).to.equal(200);
      for (const method of ["GET", "HEAD"])
        for (const headers of conditions)
          expect((await send("ben", method, path, { headers })).status, path).to.equal(404);
      const missing = await send("ben", "GET", `${path}-missing`);
      expect((await send("ben", "GET", path)).body).to.equal(missing.body.replace("-missing", ""));
    }
    expect((await send("ann", "GET", "/output/nobody")).status).to.equal(404);
    expect((await send("operator", "GET", "/output/nobody")).status).to.equal(200);
  });

  it("have no part in what only an operator does", async () => {
    for (const [method, path] of [
      ["GET", "/reelway/runtime"],
      ["GET", "/reelway/subscriptions"],
      ["PUT", "/reelway/subscriptions"],
    ] as const) {
      const answer = await send("ann", method, path, method === "PUT" ? { body: {} } : {});
      expect(answer.status, path).to.equal(403);
      expect(parse(answer).type).to.equal("/problems/operator-required");
      expect(
        (await send("operator", method, path, method === "PUT" ? { body: {} } : {})).status,
      ).to.not.equal(403);
    }
  });
});
