import { expect } from "chai";
import { buildOpenApiDocument, createApi } from "../../../lambdas/api/app.ts";
import type { WaitLimits } from "../../../lambdas/api/ports.ts";
import { listedJob } from "../../runtime/server/listed-job.ts";
import { unexpected, unusedPorts } from "./unused-ports.ts";

describe("the API's app", () => {
  let stop: AbortController;
  beforeEach(() => {
    stop = new AbortController();
  });
  afterEach(() => stop.abort());

  const open = (limits?: Partial<WaitLimits>) => {
    return createApi({
      ...unusedPorts,
      jobs: {
        ...unusedPorts.jobs,
        list: async () => ({ jobs: [] }),
        find: async (id) => {
          const { job, paths } = listedJob(id);
          return { kind: "job", job: { ...job, status: "Progressing" }, paths };
        },
      },
      ...(limits === undefined
        ? {}
        : {
            waiting: {
              maxWaitingRequests: 1,
              maxWaitSeconds: 25,
              heartbeatMs: 15_000,
              signal: stop.signal,
              ...limits,
            },
          }),
    }).app;
  };

  it("keeps an event stream open with comments until the server stops", async () => {
    const app = open({ heartbeatMs: 5 });
    const response = await app.request("/jobs/a/events");
    let body = "";
    for await (const chunk of (response.body ?? unexpected()).pipeThrough(new TextDecoderStream())) {
      body += chunk;
      if (body.split(": heartbeat\n\n").length > 3) stop.abort();
    }
    expect(body).to.match(/^event: job\ndata: \{.*\}\nid: "[0-9a-f]{32}"\n\n: heartbeat\n\n: heartbeat\n\n/);
  });

  it("refuses an event stream over the limit, and accepts it when another has ended", async () => {
    const app = open({ heartbeatMs: 5 });
    const first = await app.request("/jobs/a/events");
    const refused = await app.request("/jobs/a/events");
    expect([refused.status, refused.headers.get("retry-after")]).to.deep.equal([503, "5"]);
    expect(await refused.json()).to.include({ type: "/problems/too-many-waiting-requests" });
    await first.body?.cancel();
    let status = 503;
    while (status === 503) {
      const next = await app.request("/jobs/a/events");
      status = next.status;
      await next.body?.cancel();
    }
    expect(status).to.equal(200);
  });

  it("has no waits and no event streams where the platform cannot hold a response open", async () => {
    const app = open();
    expect((await app.request("/jobs/a/events")).status).to.equal(404);
    const refused = await app.request("/jobs?wait=1");
    expect(await refused.json()).to.deep.include({
      errors: [{ parameter: "wait", in: "query", detail: "The API does not know this parameter." }],
    });
    const { paths = {} } = buildOpenApiDocument(app, { version: "1.2.3" });
    expect(Object.keys(paths)).to.include("/jobs/{id}").and.not.include("/jobs/{id}/events");
    const names = paths["/jobs"]?.get?.parameters?.map((one) => ("name" in one ? one.name : ""));
    expect(names).to.include("limit").and.not.include("wait");
  });
});
