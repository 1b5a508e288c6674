import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { expect } from "chai";
import * as fc from "fast-check";
import type { JobDetails } from "../../../pipeline/api/job-document.ts";
import type { JobList } from "../../../pipeline/api/job-list.ts";
import { problemTypes } from "../../../pipeline/api/problem.ts";
import type { RouteList } from "../../../pipeline/api/route-list.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { checkDocumented, type OpenApiDocument, parseEvents, readOpenApi } from "./api-client.ts";
import { type JobServer, openJobServer } from "./job-server.ts";
import { listedJob } from "./listed-job.ts";
import { type Answer, sendRequest } from "./raw-request.ts";

const json = { "content-type": "application/json" };

describe("the HTTP API of jobs", () => {
  let server: JobServer;
  let document: OpenApiDocument;
  before(async () => {
    server = await openJobServer();
    document = await readOpenApi(server.port);
  });
  after(() => server.close());

  /** Sends a request and checks its response against the OpenAPI document. */
  const call = async (
    method: string,
    path: string,
    options: {
      readonly headers?: Record<string, string>;
      readonly body?: string;
      readonly template?: string;
    } = {},
  ): Promise<Answer> => {
    const answer = await sendRequest(server.port, path, { method, ...options });
    const pathname = path.split("?")[0] ?? "";
    const template = options.template ?? pathname.replace(/^\/jobs\/[^/]+/, "/jobs/{id}");
    checkDocumented(document, template, method, answer);
    return answer;
  };
  const read = async <Body>(path: string): Promise<Body> => JSON.parse((await call("GET", path)).body);
  const problemOf = ({ status, headers, body }: Answer) => {
    expect(headers["content-type"]).to.equal("application/problem+json");
    const problem = JSON.parse(body);
    expect(problem.status).to.equal(status);
    expect(body).to.not.match(/\bat .*\.ts:\d+/);
    return problem;
  };
  const closeWithOutput = async (id: string) =>
    server.fixture.ports.jobs.closeJob(id, 1, {
      status: "Complete",
      outputs: [
        {
          key: "thumb/ü b#1.png",
          bytes: 7,
          width: 320,
          height: 180,
          videoCodec: "png",
          durationSeconds: 0.04,
        },
      ],
      detail: "done",
    });

  it("describes every operation, parameter, response and field", async () => {
    expect(document.info).to.deep.include({ title: "Reelway", version: "1.2.3" });
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
    );
    expect(operations).to.include.members([
      "get /jobs listJobs",
      "get /jobs/{id} getJob",
      "post /jobs/{id}/cancel cancelJob",
      "post /jobs/{id}/retry retryJob",
      "get /jobs/{id}/events streamJobEvents",
      "get /openapi.json getOpenApiDocument",
      "get /reference getReference",
    ]);
    const findUndescribed = (schema: unknown, path: string): readonly string[] =>
      typeof schema !== "object" || schema === null
        ? []
        : Object.entries(schema).flatMap(([name, one]) => [
            ...(name === "properties"
              ? Object.entries(one as Record<string, object>).flatMap(([field, value]) =>
                  "description" in value || "$ref" in value || "allOf" in value || "oneOf" in value
                    ? []
                    : [`${path}.${field}`],
                )
              : []),
            ...findUndescribed(one, `${path}.${name}`),
          ]);
    expect(findUndescribed(document.components.schemas, "schemas")).to.deep.equal([]);
    for (const path of ["/openapi.json", "/reference"]) await call("GET", path, { template: path });
  });

  it("estimates that a job costs nothing on this machine, and says why", async () => {
    const { id } = await server.addJob("thumbnails/cost.mp4");
    const answer = await call("GET", `/jobs/${id}/cost`, { template: "/jobs/{id}/cost" });
    expect(answer.headers["cache-control"]).to.equal("no-store");
    expect(JSON.parse(answer.body)).to.deep.equal({
      usd: 0,
      reason: "The job runs on this machine, for which nothing is billed.",
      attempts: [],
      resources: [],
      capacityProvider: null,
      priceList: null,
    });
  });

  it("lists the routes, one of which every key of an upload has", async () => {
    const { routes } = await read<RouteList>("/routes");
    const { route } = await server.addJob("thumbnails/route.mp4");
    expect(routes.find(({ name }) => name === route)).to.deep.include({
      prefix: "thumbnails/",
      engine: "ffmpeg",
      recipe: "thumbnail",
    });
  });

  it("returns a job with its history, and the URLs and paths of its outputs", async () => {
    const { id } = await server.addJob("thumbnails/a.mp4");
    await closeWithOutput(id);
    const job = await read<JobDetails>(`/jobs/${id}`);
    expect(job).to.deep.include({ id, status: "Complete", probe: null, pendingReason: null });
    expect(job.outputs).to.deep.equal([
      {
        key: "thumb/ü b#1.png",
        url: "/output/thumb/%C3%BC%20b%231.png",
        path: "/data/output/thumb/ü b#1.png",
        bytes: 7,
        durationSeconds: null,
        width: 320,
        height: 180,
        videoCodec: "png",
        audioCodec: null,
      },
    ]);
    expect(job.history.map(({ status }) => status)).to.deep.equal(["Submitted", "Complete"]);
    expect(await read<JobDetails>(`/jobs/${id.slice(0, 12)}`)).to.deep.equal(job);
  });

  it("returns 304 for a job and a list that the client has", async () => {
    const { id } = await server.addJob("thumbnails/unchanged.mp4");
    for (const path of [`/jobs/${id}`, "/jobs?limit=1", "/openapi.json", "/reference"]) {
      const { etag = "" } = (await call("GET", path)).headers;
      for (const header of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
        const answer = await call("GET", path, { headers: { "if-none-match": header } });
        expect({ status: answer.status, body: answer.body, etag: answer.headers.etag }, header).to.deep.equal(
          {
            status: 304,
            body: "",
            etag,
          },
        );
      }
      expect((await call("GET", path, { headers: { "if-none-match": '"other"' } })).status).to.equal(200);
    }
  });

  it("pages through all jobs without gaps or duplicates while jobs are added, change and end", async () => {
    const added: string[] = [];
    for (let number = 0; number < 25; number += 1)
      added.push((await server.addJob(`thumbnails/page-${number}.mp4`)).id);
    // A list is at most 300 ms old.
    while ((await read<JobList>("/jobs?limit=1")).jobs[0]?.id !== added.at(-1));
    const listed: string[] = [];
    let path = "/jobs?limit=4";
    for (let page = 0; ; page += 1) {
      const list = await read<JobList>(path);
      listed.push(...list.jobs.map(({ id }) => id));
      if (list.cursor === null) break;
      expect(list.jobs).to.have.length(4);
      path = `/jobs?limit=4&cursor=${list.cursor}`;
      await server.addJob(`thumbnails/late-${page}.mp4`);
      const moved = added[page * 3];
      if (moved !== undefined) await closeWithOutput(moved);
    }
    expect(new Set(listed).size).to.equal(listed.length);
    expect(listed.slice(0, 25)).to.deep.equal(added.toReversed());
  });

  it("lists the jobs of a status and of a route", async () => {
    const thumbnail = await server.addJob("thumbnails/filter.mp4");
    const ladder = await server.addJob("responses/filter.mov");
    await closeWithOutput(thumbnail.id);
    const listIds = async (query: string) =>
      (await read<JobList>(`/jobs?limit=1000&${query}`)).jobs.map(({ id }) => id);
    expect(await listIds("status=Complete"))
      .to.include(thumbnail.id)
      .and.not.include(ladder.id);
    expect(await listIds("status=Submitted"))
      .to.include(ladder.id)
      .and.not.include(thumbnail.id);
    expect(await listIds(`route=${ladder.route}`)).to.deep.equal([ladder.id]);
    expect(await listIds("route=none")).to.deep.equal([]);
    const routes: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const list: JobList = await read(
        `/jobs?limit=3&route=${thumbnail.route}${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      routes.push(...list.jobs.map(({ id }) => id));
      cursor = list.cursor;
    }
    expect(routes).to.deep.equal(await listIds(`route=${thumbnail.route}`));
  });

  it("lists the jobs with an error code and those created within a time", async () => {
    const failed = await server.addJob("thumbnails/failed.mp4");
    const other = await server.addJob("thumbnails/not-failed.mp4");
    const error = new JobFailure(4002, "The file is damaged.").toJobError();
    await server.fixture.ports.jobs.closeJob(failed.id, 1, { status: "Error", detail: "", error });
    const list = async (query: Record<string, string>) =>
      (await read<JobList>(`/jobs?limit=1000&${new URLSearchParams(query)}`)).jobs;
    expect((await list({ errorCode: "4002" })).map(({ id }) => id)).to.deep.equal([failed.id]);
    const all = await list({});
    const { createdAt } = all.find(({ id }) => id === other.id) ?? { createdAt: "" };
    // The same time in another zone.
    const createdFrom = createdAt.replace("Z", "+00:00");
    expect(await list({ createdFrom })).to.deep.equal(all.filter((job) => job.createdAt >= createdAt));
    expect(await list({ createdBefore: createdAt })).to.deep.equal(
      all.filter((job) => job.createdAt < createdAt),
    );
  });

  it("lists the jobs of the upload with exactly a key, newest first, in pages", async () => {
    const key = "thumbnails/ü & #?*+%2F/../a b.mp4";
    const ids: string[] = [];
    for (const versionId of ["1", "2", "3"]) ids.unshift((await server.addJob(key, { versionId })).id);
    await closeWithOutput(ids[1] ?? "");
    await server.addJob(`${key}.mp4`);
    const query = new URLSearchParams({ key });
    const list = async (more = "") => read<JobList>(`/jobs?${query}${more}`);
    expect((await list()).jobs.map(({ id }) => id)).to.deep.equal(ids);
    expect((await list("&status=Complete")).jobs.map(({ id }) => id)).to.deep.equal([ids[1]]);
    expect((await list("&route=none")).jobs).to.deep.equal([]);
    const first = await list("&limit=2");
    const second = await list(`&limit=2&cursor=${first.cursor}`);
    expect([...first.jobs, ...second.jobs].map(({ id }) => id)).to.deep.equal(ids);
    expect(second.cursor).to.equal(null);
    for (const other of ["thumbnails/", `/${key}`, key.toUpperCase(), "\u0000", "a".repeat(1024)])
      expect((await read<JobList>(`/jobs?${new URLSearchParams({ key: other })}`)).jobs).to.deep.equal([]);
    for (const invalid of ["key=", `key=${"a".repeat(1025)}`, "key=a&key=b"])
      expect((await call("GET", `/jobs?${invalid}`)).status, invalid).to.equal(400);
  });

  it("waits for the job of an upload by its key", async () => {
    const path = `/jobs?${new URLSearchParams({ key: "thumbnails/late.mp4" })}`;
    const { etag = "" } = (await call("GET", path)).headers;
    const waiting = call("GET", `${path}&wait=10`, { headers: { "if-none-match": etag } });
    const { id } = await server.addJob("thumbnails/late.mp4");
    expect(JSON.parse((await waiting).body).jobs)
      .to.have.length(1)
      .and.have.nested.property("0.id", id);
  });

  it("cancels and retries a job", async () => {
    const { id } = await server.addJob("thumbnails/cancel.mp4");
    const canceled: JobDetails = JSON.parse((await call("POST", `/jobs/${id.slice(0, 20)}/cancel`)).body);
    expect([canceled.id, canceled.status]).to.deep.equal([id, "Canceled"]);
    expect((await read<JobList>("/jobs?limit=1")).jobs[0]?.status).to.equal("Canceled");
    const again = problemOf(await call("POST", `/jobs/${id}/cancel`));
    expect(again).to.include({ type: "/problems/job-state-conflict", status: 409 });
    const retried: JobDetails = JSON.parse((await call("POST", `/jobs/${id}/retry`)).body);
    expect([retried.status, retried.attempt]).to.deep.equal(["Submitted", 2]);
    await server.fixture.ports.jobs.closeJob(id, 2, {
      status: "Error",
      error: { code: 4002, name: "BrokenMedia", message: "The file is cut off.", retryable: false },
      detail: "broken",
    });
    const refused = problemOf(await call("POST", `/jobs/${id}/retry`, { headers: json, body: "{}" }));
    expect(refused.type).to.equal("/problems/job-state-conflict");
    const forced = await call("POST", `/jobs/${id}/retry`, { headers: json, body: '{"force":true}' });
    expect(JSON.parse(forced.body).attempt).to.equal(3);
  });

  it("names every fault of a request", async () => {
    const list = problemOf(await call("GET", "/jobs?limit=0&status=complete&wait=x&sort=asc"));
    expect(list).to.include({
      type: "/problems/invalid-request",
      title: "The request is not valid",
      status: 400,
    });
    expect(list.errors.map(({ parameter }: { parameter: string }) => parameter).sort()).to.deep.equal([
      "limit",
      "sort",
      "status",
      "wait",
    ]);
    for (const { parameter, in: place, detail } of list.errors) {
      expect(place).to.equal("query");
      expect(list.detail).to.include(`${parameter}: ${detail}`);
    }
    for (const query of [
      "limit=1001",
      "limit=1.5",
      "limit=",
      "status=",
      "cursor=x",
      "cursor=e30",
      "errorCode=x",
      "createdFrom=2026-11-30",
      "createdBefore=yesterday",
    ])
      expect(problemOf(await call("GET", `/jobs?${query}`)).errors, query).to.have.length(1);
    expect(problemOf(await call("GET", "/jobs?limit=1&limit=2&status=Error&status=x")).detail).to.equal(
      "status: The request has this parameter more than once.; limit: The request has this parameter more than once.",
    );
    const { id } = await server.addJob("thumbnails/fault.mp4");
    const retry = problemOf(
      await call("POST", `/jobs/${id}/retry`, { headers: json, body: '{"force":"yes","now":1}' }),
    );
    expect(
      retry.errors.map(({ parameter, in: place }: Record<string, string>) => [parameter, place]),
    ).to.deep.equal([
      ["force", "body"],
      ["now", "body"],
    ]);
  });

  it("reports each kind of problem by its type", async () => {
    const { id } = await server.addJob("thumbnails/problems.mp4");
    const missing = "a".repeat(52);
    const large = " ".repeat(64 * 1024 + 1);
    const types = [
      [await call("GET", `/jobs/${missing}`), "job-not-found"],
      [await call("POST", `/jobs/${missing}/cancel`), "job-not-found"],
      [await call("GET", `/jobs/${missing}/events`), "job-not-found"],
      [await call("POST", `/jobs/${id}/retry`, { headers: json, body: "{" }), "invalid-request"],
      [
        await call("POST", `/jobs/${id}/retry`, { headers: { "content-type": "text/plain" }, body: "x" }),
        "unsupported-media-type",
      ],
      [await call("POST", `/jobs/${id}/retry`, { headers: json, body: large }), "body-too-large"],
      [await sendRequest(server.port, "/none"), "path-not-found"],
      [await sendRequest(server.port, "/reelway/jobs"), "path-not-found"],
      [await sendRequest(server.port, "/output/none.mp4"), "object-not-found"],
    ] as const;
    for (const [answer, type] of types) {
      const problem = problemOf(answer);
      expect(problem, answer.body).to.include({ type: `/problems/${type}`, ...problemTypes[type] });
      expect(problem.detail).to.not.equal("");
    }
  });

  it("reports an id that several jobs begin with", async () => {
    const other = await openJobServer({
      find: async (prefix) => ({
        kind: "ambiguous",
        message: `2 jobs have an id that begins with ${prefix}.`,
      }),
    });
    try {
      const answer = await sendRequest(other.port, "/jobs/abcd");
      checkDocumented(document, "/jobs/{id}", "GET", answer);
      expect(problemOf(answer)).to.include({ type: "/problems/ambiguous-job-id", status: 409 });
    } finally {
      await other.close();
    }
  });

  it("answers other methods with 405 and the methods that a path has", async () => {
    for (const [method, path, allow] of [
      ["POST", "/jobs", "GET, HEAD"],
      ["DELETE", "/jobs/a", "GET, HEAD"],
      ["GET", "/jobs/a/cancel", "POST"],
      ["PATCH", "/jobs/a/retry", "POST"],
      ["PUT", "/jobs/a/events", "GET, HEAD"],
      ["POST", "/openapi.json", "GET, HEAD"],
      ["POST", "/reference", "GET, HEAD"],
      ["PUT", "/output/a.mp4", "GET, HEAD"],
      ["DELETE", "/input/a.mp4", "GET, HEAD"],
      ["PUT", "/input", "POST"],
    ] as const) {
      const answer = await sendRequest(server.port, path, { method });
      expect([answer.status, answer.headers.allow], `${method} ${path}`).to.deep.equal([405, allow]);
      expect(problemOf(answer).type).to.equal("/problems/method-not-allowed");
    }
  });

  it("hides the cause of an internal error and logs it; a full disk has its own type", async () => {
    let failure: unknown;
    const other = await openJobServer({ list: () => Promise.reject(failure) });
    try {
      failure = new Error("secret detail");
      const internal = problemOf(await sendRequest(other.port, "/jobs"));
      expect(internal).to.include({ type: "/problems/internal-error", status: 500 });
      expect(internal.detail).to.not.include("secret");
      expect(other.failures).to.have.length(1);
      failure = new StoreFailure("no-space", "x");
      expect(problemOf(await sendRequest(other.port, "/jobs")).type).to.equal("/problems/disk-full");
    } finally {
      await other.close();
    }
  });

  describe("events", () => {
    /** Opens an event stream. */
    const follow = async (port: number, id: string, headers: Record<string, string> = {}) => {
      const outgoing = request({
        host: "127.0.0.1",
        port,
        path: `/jobs/${id}/events`,
        headers,
        agent: false,
      }).end();
      const [response] = (await once(outgoing, "response")) as [IncomingMessage];
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      const ended = new Promise<void>((resolve) =>
        response.on("close", resolve).on("error", () => undefined),
      );
      return {
        response,
        ended,
        read: () => body,
        events: () => parseEvents(body),
        async waitFor(count: number) {
          while (parseEvents(body).length < count) await once(response, "data");
        },
      };
    };
    const statusOf = ({ data }: Record<string, string>) => JSON.parse(data ?? "").status;

    it("sends the job now and after every change, and ends with it", async () => {
      const { id } = await server.addJob("thumbnails/events.mp4");
      const stream = await follow(server.port, id);
      expect(stream.response.statusCode).to.equal(200);
      expect(stream.response.headers["content-type"]).to.equal("text/event-stream");
      await stream.waitFor(1);
      await server.fixture.ports.jobs.begin(id, 1, "worker");
      await stream.waitFor(2);
      await server.fixture.ports.jobs.recordProgress(id, 1, "worker", { percent: 40, phase: "encoding" });
      await stream.waitFor(3);
      await closeWithOutput(id);
      await stream.ended;
      const events = stream.events();
      expect(events.map(statusOf)).to.deep.equal(["Submitted", "Progressing", "Progressing", "Complete"]);
      expect(new Set(events.map(({ event }) => event))).to.deep.equal(new Set(["job"]));
      const answer = await call("GET", `/jobs/${id}`);
      expect(events.at(-1)).to.deep.equal({ event: "job", id: answer.headers.etag, data: answer.body });
      const reconnected = await call("GET", `/jobs/${id}/events`, {
        headers: { "last-event-id": answer.headers.etag ?? "" },
      });
      expect(reconnected.status).to.equal(204);
    });

    it("reads the job for many clients as often as for one", async () => {
      let reads = 0;
      const other = await openJobServer({
        find: async (id) => {
          reads += 1;
          const { job, paths } = listedJob(id);
          return { kind: "job", job: { ...job, status: reads < 30 ? "Progressing" : "Complete" }, paths };
        },
      });
      try {
        const streams = await Promise.all(Array.from({ length: 20 }, () => follow(other.port, "a")));
        const before = reads;
        const startMs = performance.now();
        await Promise.all(streams.map(({ ended }) => ended));
        const elapsedMs = performance.now() - startMs;
        expect(reads - before).to.be.at.most(1 + elapsedMs / 300);
        for (const stream of streams) expect(stream.events().map(statusOf).at(-1)).to.equal("Complete");
      } finally {
        await other.close();
      }
    });

    it("ends when the client disconnects and when the server stops", async () => {
      const other = await openJobServer();
      const { id } = await other.addJob("thumbnails/stop.mp4");
      const [first, second] = [await follow(other.port, id), await follow(other.port, id)];
      await first.waitFor(1);
      await second.waitFor(1);
      first.response.destroy();
      await other.close();
      await second.ended;
      expect(second.events()).to.have.length(1);
      expect(other.failures).to.deep.equal([]);
    });
  });

  it("never fails, whatever the request", async function () {
    this.timeout(120_000);
    const { id } = await server.addJob("thumbnails/property.mp4");
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom(id, id.slice(0, 4), "..", ""),
    );
    const encoded = text.map((one) => {
      try {
        return encodeURIComponent(one);
      } catch {
        return "%ED%A0%80";
      }
    });
    const path = fc.oneof(
      fc.constant("/jobs"),
      fc.constantFrom("/openapi.json", "/reference"),
      encoded.map((one) => `/jobs/${one}`),
      fc.tuple(encoded, fc.constantFrom("cancel", "retry", "x")).map(([one, name]) => `/jobs/${one}/${name}`),
      encoded.map((one) => `/${one}`),
    );
    const query = fc.array(
      fc.tuple(
        fc.oneof(fc.constantFrom("status", "route", "limit", "cursor"), encoded),
        fc.oneof(
          encoded,
          fc.integer().map(String),
          fc.constantFrom("Complete", "1e3", "NaN", "e30", "%", "%ZZ"),
        ),
      ),
      { maxLength: 4 },
    );
    const body = fc.option(fc.oneof(fc.json({ maxDepth: 2 }), fc.constantFrom("{", "", '{"force":true}')), {
      nil: undefined,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"),
        path,
        query,
        body,
        fc.constantFrom(
          ...["application/json", "text/plain", "application/json; charset=x", "multipart/form-data", ""],
        ),
        async (method, requestPath, parameters, content, contentType) => {
          const search = parameters.map(([name, value]) => `${name}=${value}`).join("&");
          const answer = await sendRequest(
            server.port,
            `${requestPath}${search === "" ? "" : `?${search}`}`,
            {
              method,
              headers: contentType === "" ? {} : { "content-type": contentType },
              ...(content === undefined ? {} : { body: content }),
            },
          );
          expect(answer.status, answer.body).to.be.below(500);
          if (answer.status >= 400 && method !== "HEAD" && !requestPath.startsWith("/2012"))
            problemOf(answer);
        },
      ),
      { numRuns: 400 },
    );
  });
});
