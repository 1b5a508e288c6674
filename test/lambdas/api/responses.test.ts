import { expect } from "chai";
import * as fc from "fast-check";
import sinon from "sinon";
import { createApi } from "../../../lambdas/api/app.ts";
import type { ApiResponses } from "../../../lambdas/api/ports.ts";
import type { Caller } from "../../../pipeline/access/caller.ts";
import type { ResponseSettings } from "../../../pipeline/configuration/responses-schema.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import type { UploadConditions, UploadTarget } from "../../../pipeline/ports/upload-signer.ts";
import type { ResponseRecord } from "../../../pipeline/responses/response.ts";
import { buildVideoKeyStem } from "../../../pipeline/responses/response-request.ts";
import configured from "../../../reelway.config.ts";
import { createApiResponses, createMemoryResponseStore } from "../../runtime/server/api-responses.ts";
import { unusedPorts } from "./unused-ports.ts";

const now = new Date("2026-11-21T03:00:00.000Z");
const mail = "ann@example.org";
const key = new Uint8Array(32);
const stem = buildVideoKeyStem({ project: "course", step: "1", mail }, key);
const path = `/presignedurl/course/1?mail=${mail}`;

describe("GET /presignedurl/{project}/{step}", () => {
  let store: ReturnType<typeof createMemoryResponseStore>;
  let signUpload: sinon.SinonStub<[UploadTarget, UploadConditions], Promise<{ url: string; fields: object }>>;
  let take: sinon.SinonStub<[string, number, number], Promise<number>>;
  let logged: unknown[];
  beforeEach(() => {
    store = createMemoryResponseStore();
    signUpload = sinon.stub<[UploadTarget, UploadConditions], Promise<{ url: string; fields: object }>>();
    signUpload.callsFake(async (target) => ({ url: "/input", fields: { key: target.key } }));
    take = sinon.stub<[string, number, number], Promise<number>>().resolves(0);
    logged = [];
  });

  const open = ({
    settings = {},
    caller,
    isFull = false,
    ...responses
  }: {
    readonly settings?: Partial<ResponseSettings>;
    readonly caller?: Partial<Caller>;
    readonly isFull?: boolean;
  } & Partial<Omit<ApiResponses, "settings">> = {}) => {
    const defaults = createApiResponses();
    const { app } = createApi({
      ...unusedPorts,
      uploads: {
        signer: { ...unusedPorts.uploads.signer, signUpload: signUpload as never },
        isDiskFull: () => isFull,
      },
      responses: {
        ...defaults,
        store,
        rateLimiter: { take },
        clock: { now: () => now },
        readKey: async () => key,
        ...responses,
        settings: { ...defaults.settings, ...settings },
      },
      log: { ...unusedPorts.log, error: (_, details) => logged.push(details) },
    });
    return async (target: string) => {
      const context = caller && { name: "user", isOperator: false, scope: "write", ...caller };
      const response = await callWith(app, target, context as Caller | undefined);
      const { status, headers } = response;
      // A path that does not exist is the outer app's.
      const body = status === 404 ? undefined : await response.json();
      return { status, headers, body: body as never };
    };
  };
  /** Sends a request as `requireAuthentication` passes it on. */
  const callWith = async (
    app: ReturnType<typeof createApi>["app"],
    target: string,
    caller: Caller | undefined,
  ): Promise<Response> => {
    const { Hono } = await import("hono");
    const outer = new Hono();
    if (caller !== undefined)
      outer.use(async (context, next) => {
        context.set("caller", caller);
        await next();
      });
    outer.route("/", app);
    return outer.request(`http://localhost${target}`);
  };
  const answer = (fields: Partial<ResponseRecord> = {}): Promise<boolean> =>
    store.write({
      project: "course",
      step: "1",
      mail,
      video: `${stem}.webm`,
      videoKeyStem: stem,
      status: "Complete",
      jobId: "job",
      createdAt: "2026-11-20T03:00:00.000Z",
      updatedAt: "2026-11-20T03:00:00.000Z",
      revision: 1,
      ...fields,
    });

  it("records the request and signs the form of exactly its key, type and size for five minutes", async () => {
    const { status, headers, body } = await open({ settings: { maxBytes: 1000 } })(
      `/presignedurl/course/final-1?mail=Ann%40Example.ORG&type=mov`,
    );
    const video = `${buildVideoKeyStem({ project: "course", step: "final-1", mail }, key)}.mov`;
    expect(status).to.equal(200);
    expect(headers.get("cache-control")).to.equal("no-store");
    expect(body).to.deep.equal({
      url: "http://localhost/input",
      fields: { key: video },
      key: video,
      expiresAt: "2026-11-21T03:05:00.000Z",
      maxBytes: 1000,
    });
    expect(signUpload.args).to.deep.equal([
      [
        { key: video, contentType: "video/quicktime", metadata: {} },
        { maxBytes: 1000, expirySeconds: 300 },
      ],
    ]);
    expect([...store.records]).to.deep.equal([
      [
        "course-final-1 ann@example.org",
        {
          project: "course",
          step: "final-1",
          mail,
          video,
          videoKeyStem: video.slice(0, -".mov".length),
          status: "Requested",
          createdAt: now.toISOString(),
          updatedAt: now.toISOString(),
          expiresAt: now.getTime() / 1000 + 86_400,
          revision: 1,
        },
      ],
    ]);
    expect(take.callCount).to.equal(0);
  });

  it("names every problem of a request", async () => {
    const request = open();
    const { status, body } = await request("/presignedurl/my-course/a%20b?type=avi&replace=yes&mails=x");
    expect(status).to.equal(400);
    expect(body).to.deep.include({ type: "/problems/invalid-request" });
    expect((body as { errors: unknown }).errors).to.deep.equal([
      { parameter: "project", in: "path", detail: "A project has 1 to 64 letters, digits and `_`." },
      { parameter: "step", in: "path", detail: "A step has 1 to 64 letters, digits, `_` and `-`." },
      { parameter: "mail", in: "query", detail: "The parameter is missing." },
      { parameter: "type", in: "query", detail: "The type is one of webm, mp4, mov." },
      { parameter: "replace", in: "query", detail: "The value is true or false." },
      { parameter: "mails", in: "query", detail: "The API does not know this parameter." },
    ]);
    for (const [query, detail] of [
      ["mail=", "This is not an e-mail address."],
      ["mail=ann", "This is not an e-mail address."],
      [`mail=${mail}&mail=bob%40example.org`, "Pass one e-mail address."],
    ]) {
      const answered = await request(`/presignedurl/course/1?${query}`);
      expect((answered.body as { errors: unknown }).errors, query).to.deep.equal([
        { parameter: "mail", in: "query", detail },
      ]);
    }
    expect(store.records.size).to.equal(0);
    expect(signUpload.callCount).to.equal(0);
  });

  it("rejects types that no route accepts", async () => {
    const { responses: _responses, ...rest } = configured as { responses?: unknown } & typeof configured;
    const routes = configured.routes.map((route) =>
      route.name === "responses" ? { ...route, extensions: ["mp4"] } : route,
    );
    const some = await open({ routes: parseConfiguration({ ...rest, routes }) })(path);
    expect(some.status).to.equal(400);
    expect((some.body as { detail: string }).detail).to.equal(
      "type: No route accepts webm videos with the prefix responses/. Available types: mp4.",
    );
    const none = await open({
      routes: { routes: [], ignored: { prefixes: [], extensions: [] } },
    })(path);
    expect((none.body as { detail: string }).detail).to.include(
      "Add a route for the prefix to reelway.config.ts",
    );
    expect(store.records.size).to.equal(0);
  });

  it("renews a request, and rejects a response that exists unless it is replaced", async () => {
    const request = open();
    expect((await request(path)).status).to.equal(200);
    expect((await request(`${path}&type=mp4`)).body).to.include({ key: `${stem}.mp4` });
    expect([...store.records.values()]).to.have.length(1);
    store.records.clear();
    await answer();
    const before = [...store.records.values()];
    const refused = await request(path);
    expect(refused.status).to.equal(409);
    expect(refused.body).to.include({ type: "/problems/response-exists" });
    expect((await request(`${path}&replace=false`)).status).to.equal(409);
    const replaced = await request(`${path}&replace=true&type=mp4`);
    expect(replaced.body).to.include({ key: `${stem}.mp4` });
    expect([...store.records.values()]).to.deep.equal(before);
  });

  for (const status of ["Error", "Canceled"] as const)
    it(`lets a response whose job ended as ${status} be answered again, but not by others`, async () => {
      await answer({ status, ownerId: "ann" });
      const before = [...store.records.values()];
      const again = await open({ caller: { ownerId: "ann" } })(path);
      const other = await open({ caller: { ownerId: "bob" } })(path);

      expect(again.status).to.equal(200);
      expect(again.body).to.include({ key: `${stem}.webm` });
      expect(other.status).to.equal(409);
      expect([...store.records.values()]).to.deep.equal(before);
    });

  it("decides again when another request was faster", async () => {
    const write = sinon.stub(store, "write");
    write.onFirstCall().callsFake(async (record) => {
      write.restore();
      await answer();
      return (await store.read(record))?.revision === 0;
    });
    expect((await open()(path)).status).to.equal(409);
  });

  it("marks the upload of a user, who reaches no response of another", async () => {
    const [ann, bob] = [open({ caller: { ownerId: "ann" } }), open({ caller: { ownerId: "bob" } })];
    expect((await ann(path)).status).to.equal(200);
    expect(signUpload.firstCall.args[0].metadata).to.deep.equal({ "reelway-owner": "ann" });
    expect([...store.records.values()][0]?.ownerId).to.equal("ann");
    for (const replace of ["", "&replace=true"]) {
      const refused = await bob(`${path}${replace}`);
      expect(refused.status).to.equal(409);
      expect((refused.body as { detail: string }).detail).to.include("belongs to another user");
    }
    // An operator may, and the response stays Ann's.
    const operator = open({ caller: { ownerId: "operator", isOperator: true } });
    expect((await operator(path)).status).to.equal(200);
    expect(signUpload.lastCall.args[0].metadata).to.deep.equal({ "reelway-owner": "ann" });
    expect([...store.records.values()][0]?.ownerId).to.equal("ann");
    const everyone = open({ settings: { access: "open" } });
    expect((await everyone(`${path}&replace=true`)).status).to.equal(409);
  });

  it("rejects a token that may only read", async () => {
    const { status, body } = await open({ caller: { scope: "read", isOperator: true } })(path);
    expect([status, (body as { type: string }).type]).to.deep.equal([403, "/problems/insufficient-scope"]);
    expect(store.records.size).to.equal(0);
  });

  it("limits the rate of a client by the hash of its address where responses are open", async () => {
    const request = open({ settings: { access: "open", maxRequestsPerMinute: 7 } });
    await answer();
    expect((await request(`${path}&replace=true`)).status).to.equal(200);
    take.resolves(42);
    const limited = await request(path);
    expect([limited.status, limited.headers.get("retry-after")]).to.deep.equal([429, "42"]);
    expect(limited.body).to.include({ type: "/problems/too-many-requests" });
    const [limitKey, ...limits] = take.firstCall.args;
    expect(limits).to.deep.equal([7, 60]);
    expect(limitKey)
      .to.match(/^responses#[\w-]{43}$/)
      .and.not.include("192.0.2.1");
    await open({ settings: { access: "open" }, getClientAddress: () => "192.0.2.2" })(path);
    expect(take.lastCall.args[0]).to.not.equal(limitKey);
  });

  it("accepts no request while the disk is full", async () => {
    expect((await open({ isFull: true })(path)).status).to.equal(507);
    expect(store.records.size).to.equal(0);
  });

  it("never fails, whatever the request", async () => {
    const request = open();
    const text = fc
      .oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(mail, "course", "1", "webm", "true", "..", "%"))
      .map((one) => encodeURIComponent(one) || "_");
    const names = fc.constantFrom("mail", "type", "replace", "x", "__proto__");
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        fc.array(fc.tuple(names, text), { maxLength: 5 }),
        async (one, two, query) => {
          const search = query.map((pair) => pair.join("=")).join("&");
          const { status, headers } = await request(`/presignedurl/${one}/${two}?${search}`);
          expect(status).to.be.oneOf([200, 400, 404]);
          if (status === 400) expect(headers.get("content-type")).to.equal("application/problem+json");
        },
      ),
      { numRuns: 300 },
    );
    expect(logged).to.deep.equal([]);
  });
});
