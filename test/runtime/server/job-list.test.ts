import { expect } from "chai";
import type { JobDocument, ListedJob } from "../../../pipeline/api/job-document.ts";
import { serverLimits } from "../../../runtime/server/limits.ts";
import { listedJob } from "./listed-job.ts";
import { type Answer, sendRequest } from "./raw-request.ts";
import { type ServedApp, serveApp } from "./serve-app.ts";
import { uploadForm } from "./upload-form.ts";

describe("the job list over HTTP", () => {
  let app: ServedApp;
  let port: number;
  let jobs: readonly ListedJob[];
  let reads: number[];
  let failure: Error | undefined;
  beforeEach(async () => {
    jobs = [listedJob("b"), listedJob("a")];
    reads = [];
    failure = undefined;
    app = await serveApp({
      control: {
        list: async ({ limit }) => {
          reads.push(limit);
          if (failure !== undefined) throw failure;
          return { jobs: jobs.slice(0, limit) };
        },
      },
    });
    port = app.server.port;
  });
  afterEach(() => app.close());

  const list = (query = "", headers: Record<string, string> = {}) =>
    sendRequest(port, `/jobs${query}`, { headers });
  const parseIds = ({ body }: Answer): readonly string[] =>
    JSON.parse(body).jobs.map(({ id }: JobDocument) => id);
  const change = async () => {
    jobs = [listedJob("c"), ...jobs];
  };

  it("reads the list a few times for forty concurrent requests", async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => list("?limit=1000")));
    expect(answers.map(({ status }) => status)).to.deep.equal(Array(40).fill(200));
    expect(new Set(answers.map(({ body }) => body)).size).to.equal(1);
    expect(new Set(reads)).to.deep.equal(new Set([1000]));
    expect(reads.length).to.be.lessThan(10);
  });

  it("serves lists of every length from two reads", async () => {
    const lengths = [];
    for (const limit of ["1", "2", "7", "100", "101", "1000"])
      lengths.push(parseIds(await list(`?limit=${limit}`)).length);
    expect(lengths).to.deep.equal([1, 2, 2, 2, 2, 2]);
    expect(new Set(reads)).to.deep.equal(new Set([100, 1000]));
    expect(reads.length).to.be.lessThan(10);
  });

  it("answers every waiting request after a change, from shared reads", async () => {
    const { etag = "" } = (await list()).headers;
    const waiting = Array.from({ length: 40 }, () => list("?wait=20", { "if-none-match": etag }));
    await change();
    const answers = await Promise.all(waiting);
    for (const answer of answers) expect(parseIds(answer)).to.deep.equal(["c", "b", "a"]);
    expect(new Set(answers.map(({ headers }) => headers.etag)).size).to.equal(1);
    expect(reads.length).to.be.lessThan(10);
  });

  it("returns 304 after the wait, and at once without a wait", async () => {
    const { etag = "" } = (await list()).headers;
    for (const query of ["", "?wait=0", "?wait=0.1"]) {
      const answer = await list(query, { "if-none-match": etag });
      expect({ status: answer.status, etag: answer.headers.etag, body: answer.body }, query).to.deep.equal({
        status: 304,
        etag,
        body: "",
      });
    }
  });

  it("includes a command's change in the next list", async () => {
    const post = (path: string) => sendRequest(port, path, { method: "POST", body: "" });
    await list();
    for (const act of [
      () => post("/jobs/a/cancel"),
      () => post("/jobs/a/retry"),
      () => uploadForm(`http://127.0.0.1:${port}`, "a.mp4", "x"),
    ]) {
      await change();
      await act();
      expect(parseIds(await list()).length).to.equal(jobs.length);
    }
  });

  it("rejects waiting requests over the limit with 503, and accepts others later", async () => {
    const { etag = "" } = (await list()).headers;
    const conditionalHeaders = { "if-none-match": etag };
    const waiting = Array.from({ length: serverLimits.maxWaitingRequests + 1 }, () =>
      list("?wait=20", conditionalHeaders),
    );
    const refused = await Promise.race(waiting);
    expect(refused.status).to.equal(503);
    expect(Number(refused.headers["retry-after"])).to.be.greaterThan(0);
    expect((await list()).status).to.equal(200);
    await change();
    const statuses = (await Promise.all(waiting)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).to.have.length(serverLimits.maxWaitingRequests);
    const { etag: next = "" } = (await list()).headers;
    expect((await list("?wait=0.1", { "if-none-match": next })).status).to.equal(304);
  });

  it("reports a failed read to every waiting request, and reads again for the next", async () => {
    const { etag = "" } = (await list()).headers;
    const waiting = [1, 2].map(() => list("?wait=20", { "if-none-match": etag }));
    failure = new Error("disk");
    expect((await Promise.all(waiting)).map(({ status }) => status)).to.deep.equal([500, 500]);
    failure = undefined;
    expect((await list()).status).to.equal(200);
  });
});
