import { expect } from "chai";
import { Hono } from "hono";
import sinon from "sinon";
import { createDynamoAppearanceStore } from "../../../adapters/aws/appearance-store.ts";
import { type LocalDatabase, openDatabase } from "../../../adapters/local/database.ts";
import { createApi } from "../../../lambdas/api/app.ts";
import { type Caller, localCaller } from "../../../pipeline/access/caller.ts";
import { selectChannels } from "../../../pipeline/configuration/channels-schema.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import type { AppearanceStore } from "../../../pipeline/highlights/appearance-store.ts";
import type { ClipRequest, ClipResult } from "../../../pipeline/highlights/clipper.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import configured from "../../../reelway.config.ts";
import { openDynamoAppearanceStore } from "../../contract/open-appearance-store.ts";
import { buildSegment } from "../../pipeline/highlights/channel-fixtures.ts";
import { listedJob } from "../../runtime/server/listed-job.ts";
import { unusedPorts } from "./unused-ports.ts";

const nowMs = Date.parse("2026-11-29T12:10:00Z");
const now = nowMs / 1000;
const settings = selectChannels(
  parseConfiguration({
    ...configured,
    channels: [
      {
        name: "news",
        manifestUrl: "https://live.example.com/news.m3u8?token=secret",
        clipLabels: ["Person"],
        celebrities: true,
        maxDetectionsPerHour: 200,
      },
      { name: "sport", manifestUrl: "https://live.example.com/sport.m3u8", clipLabels: ["Ball"] },
    ],
  }).channels,
  "prod",
);
const frame = { segmentId: "0000-0000000001", frame: 3, time: now - 60.5 };

describe("the API of channels", () => {
  let database: LocalDatabase;
  let store: AppearanceStore;
  let caller: Caller;
  let jobs: Job[];
  /** Ids of the jobs that were read. */
  let foundIds: string[];
  let createClip: sinon.SinonStub<[ClipRequest], Promise<ClipResult>>;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    const clock = { now: () => new Date(nowMs) };
    ({ store } = await openDynamoAppearanceStore(database.client, clock));
    caller = localCaller;
    jobs = [];
    foundIds = [];
    createClip = sinon.stub();
  });

  const open = () => {
    const { app } = createApi({
      ...unusedPorts,
      jobs: {
        ...unusedPorts.jobs,
        find: async (id) => {
          foundIds.push(id);
          const job = jobs.find((one) => one.id === id);
          return job === undefined
            ? { kind: "missing", message: "missing" }
            : { kind: "job", job, paths: {} };
        },
      },
      videos: { ...unusedPorts.videos, clock: { now: () => new Date(nowMs) } },
      channels: { settings, store, clipper: { createClip }, clock: { now: () => new Date(nowMs) } },
    });
    const outer = new Hono();
    outer.use(async (context, next) => {
      context.set("caller", caller);
      await next();
    });
    outer.route("/", app);
    return async (path: string, init: RequestInit = {}) => {
      const response = await outer.request(path, init);
      const text = await response.text();
      return {
        status: response.status,
        etag: response.headers.get("etag") ?? "",
        body: text === "" ? undefined : JSON.parse(text),
      };
    };
  };
  const saveStatus = async (lastPolledAt: number): Promise<void> => {
    const lease = await store.acquireLease("news", "run", 60);
    if (lease === undefined) throw new Error("The lease is held.");
    await store.saveState(
      lease,
      {},
      {
        name: "watching",
        message: "",
        lastSegmentAt: lastPolledAt - 4.4,
        lastSegmentEndsAt: lastPolledAt - 2.4,
        lastPolledAt,
      },
    );
  };

  it("shows the channels of the configuration with their state, and not their addresses", async () => {
    await saveStatus(now - 2);
    await store.putSegment({ ...buildSegment(1, now - 3600, 50) });
    await store.putSegment({ ...buildSegment(2, now - 6.4, 50) });
    for (let count = 0; count < 3; count += 1)
      await store.reserveDetection("news", now, 0.002, { maxDetectionsPerHour: 200, maxUsdPerDay: 10 });
    await store.putAppearance({
      id: "a",
      channel: "news",
      label: "Person",
      status: "open",
      start: frame,
      confidence: 91.5,
      imageKey: "archive/news/frames/ü.jpg",
    });
    const { status, body } = await open()("/channels");

    expect(status).to.equal(200);
    const [news, sport] = body.channels;
    expect(news).to.deep.equal({
      name: "news",
      status: "watching",
      message: null,
      paused: false,
      lastSegmentAt: "2026-11-29T12:09:53.600Z",
      lastPolledAt: "2026-11-29T12:09:58.000Z",
      lagSeconds: 4,
      archive: { from: "2026-11-29T11:10:00.000Z", to: "2026-11-29T12:09:55.600Z" },
      clipLabels: ["Person"],
      celebrities: true,
      usage: {
        detectionsThisHour: 3,
        maxDetectionsPerHour: 200,
        usdThisHour: 0.006,
        usdToday: 0.006,
        maxUsdPerDay: 10,
      },
      current: [
        {
          id: "a",
          label: "Person",
          status: "open",
          start: "2026-11-29T12:08:59.500Z",
          end: null,
          inexactEdges: [],
          confidence: 91.5,
          imageUrl: "/output/archive/news/frames/%C3%BC.jpg",
          clip: null,
        },
      ],
    });
    expect(sport).to.include({ name: "sport", status: "pending", lastSegmentAt: null, lagSeconds: null });
    expect(sport).to.deep.include({ archive: null, current: [], message: null });
    expect(JSON.stringify(body)).to.not.include("secret");
  });

  it("says so when the watcher is silent", async () => {
    await saveStatus(now - 900);
    const { body } = await open()("/channels/news");
    expect(body.status).to.equal("overdue");
    expect(body.message).to.include("since 2026-11-29T11:55:00.000Z. Check the log");
  });

  it("returns a channel with an ETag, and pauses and resumes it, also twice", async () => {
    const send = open();
    const first = await send("/channels/news");
    expect((await send("/channels/news", { headers: { "if-none-match": first.etag } })).status).to.equal(304);
    for (const [action, paused] of [
      ["pause", true],
      ["pause", true],
      ["resume", false],
      ["resume", false],
    ] as const) {
      const { status, body } = await send(`/channels/news/${action}`, { method: "POST" });
      expect([status, body.name, body.paused]).to.deep.equal([200, "news", paused]);
      expect((await store.readChannel("news")).paused).to.equal(paused);
    }
  });

  it("lists labels and celebrities page by page, last seen first, with the URLs of their frames", async () => {
    for (const [index, name] of ["Cup", "Person", "Dog"].entries())
      await store.recordSighting("news", {
        kind: "label",
        id: name,
        name,
        frame: { ...frame, frame: index, time: now - 100 + index },
        confidence: 80 + index,
        imageKey: `archive/news/frames/${index}.jpg`,
      });
    await store.recordSighting("news", {
      kind: "celebrity",
      id: "3Ir",
      name: "Ann",
      frame,
      confidence: 99,
      urls: ["www.example.org/ann", "javascript:alert(1)", "https://example.com/a b"],
    });
    const send = open();
    const first = await send("/channels/news/labels?limit=2");
    const second = await send(`/channels/news/labels?limit=2&cursor=${first.body.cursor}`);
    const celebrities = await send("/channels/news/celebrities");

    expect(first.body.labels.map(({ name }: { readonly name: string }) => name)).to.deep.equal([
      "Dog",
      "Person",
    ]);
    expect(second.body).to.deep.equal({
      labels: [
        {
          name: "Cup",
          count: 1,
          firstSeenAt: "2026-11-29T12:08:20.000Z",
          lastSeenAt: "2026-11-29T12:08:20.000Z",
          confidence: 80,
          imageUrl: "/output/archive/news/frames/0.jpg",
        },
      ],
      cursor: null,
    });
    expect(celebrities.body.celebrities).to.have.length(1);
    expect(celebrities.body.celebrities[0]).to.deep.include({
      id: "3Ir",
      name: "Ann",
      imageUrl: null,
      urls: ["https://www.example.org/ann", "https://example.com/a%20b"],
    });
    const unchanged = await send("/channels/news/labels?limit=2", {
      headers: { "if-none-match": first.etag },
    });
    expect(unchanged.status).to.equal(304);
    for (const query of ["limit=0", "limit=101", "cursor=x", "other=1"])
      for (const list of ["labels", "celebrities", "appearances"])
        expect((await send(`/channels/news/${list}?${query}`)).status, `${list} ${query}`).to.equal(400);
  });

  it("reads the job of a complete clip once, and others again with each poll", async () => {
    const end = { ...frame, time: frame.time + 10 };
    const base = {
      channel: "news",
      status: "closed",
      label: "Cup",
      start: frame,
      end,
      confidence: 90,
    } as const;
    const ids = ["complete", "failed", "running"];
    for (const id of ids) await store.putAppearance({ ...base, id, clipJobId: id });
    const { job } = listedJob("any");
    jobs = [
      { ...job, id: "complete", recipe: "clip", status: "Complete", outputs: [] },
      { ...job, id: "failed", recipe: "clip", status: "Error" },
      { ...job, id: "running", recipe: "clip", status: "Progressing" },
    ];
    const send = open();

    // Concurrent readers of one page share a read, so that the pages differ.
    for (const limit of [50, 51, 52]) await send(`/channels/news/appearances?limit=${limit}`);

    expect(ids.map((id) => foundIds.filter((found) => found === id).length)).to.deep.equal([1, 3, 3]);
  });

  it("lists appearances with their clips, newest first, and filters them by label in any case", async () => {
    const end = { ...frame, time: frame.time + 10 };
    const base = { channel: "news", status: "closed", start: frame, end, confidence: 90 } as const;
    await store.putAppearance({
      ...base,
      id: "a",
      label: "Person",
      inexactEdges: ["end"],
      clipJobId: "done",
    });
    await store.putAppearance({
      ...base,
      id: "b",
      label: "Cup",
      start: { ...frame, time: frame.time + 1 },
      clip: { kind: "refused", reason: "The segments have expired." },
    });
    await store.putAppearance({ ...base, id: "c", label: "Cup", clipJobId: "gone" });
    await store.putAppearance({
      ...base,
      id: "d",
      label: "Cup",
      start: { ...frame, time: frame.time - 1 },
      clipRetry: { failures: 1, notBefore: now + 60, reason: "Delta does not respond.", isTransient: true },
    });
    jobs = [
      {
        ...listedJob("done").job,
        recipe: "clip",
        status: "Complete",
        outputs: [
          { key: "clips/news/a.mp4", bytes: 1 },
          { key: "clips/news/a.jpg", bytes: 1 },
        ],
      },
    ];
    const send = open();
    const all = await send("/channels/news/appearances");
    const persons = await send("/channels/news/appearances?label=%20person");

    expect(all.body.appearances.map(({ id }: { readonly id: string }) => id)).to.deep.equal([
      "b",
      "c",
      "a",
      "d",
    ]);
    expect(all.body.appearances[0].clip).to.deep.include({
      status: "refused",
      jobId: null,
      message: "The segments have expired.",
    });
    expect(all.body.appearances[1].clip.message).to.equal("The clip does not exist any more.");
    expect(all.body.appearances[3].clip).to.deep.equal({
      status: "retrying",
      jobId: null,
      message: "Delta does not respond.",
      retryAt: new Date((now + 60) * 1000).toISOString(),
      posterUrl: null,
      playables: [],
    });
    expect(persons.body.appearances).to.deep.equal([
      {
        id: "a",
        label: "Person",
        status: "closed",
        start: "2026-11-29T12:08:59.500Z",
        end: "2026-11-29T12:09:09.500Z",
        inexactEdges: ["end"],
        confidence: 90,
        imageUrl: null,
        clip: {
          status: "Complete",
          jobId: "done",
          message: null,
          retryAt: null,
          posterUrl: "/output/clips/news/a.jpg",
          playables: [{ url: "/output/clips/news/a.mp4", contentType: "video/mp4", kind: "file" }],
        },
      },
    ]);
  });

  it("returns a channel with what was found in it as one document, whose state is never older than a pause", async () => {
    await store.putAppearance({
      id: "a",
      channel: "news",
      label: "Person",
      status: "open",
      start: frame,
      confidence: 90,
    });
    await store.recordSighting("news", { kind: "label", id: "Cup", name: "Cup", frame, confidence: 80 });
    await store.recordSighting("news", { kind: "celebrity", id: "3Ir", name: "Ann", frame, confidence: 99 });
    const send = open();
    const first = await send("/channels/news/highlights?label=person&limit=1");
    const [channel, appearances, labels, celebrities] = [
      await send("/channels/news"),
      await send("/channels/news/appearances?label=Person&limit=1"),
      await send("/channels/news/labels"),
      await send("/channels/news/celebrities"),
    ].map(({ body }) => body);

    expect(first.body).to.deep.equal({ channel, appearances, labels, celebrities });
    expect(first.body.appearances.appearances).to.have.length(1);
    const headers = { "if-none-match": first.etag };
    expect((await send("/channels/news/highlights?label=Person&limit=1", { headers })).status).to.equal(304);
    await send("/channels/news/pause", { method: "POST" });
    const paused = await send("/channels/news/highlights?label=Person&limit=1", { headers });
    expect([paused.status, paused.body.channel.paused]).to.deep.equal([200, true]);
    const others = await send("/channels/news/highlights?label=Cup");
    expect(others.body.appearances).to.deep.equal({ appearances: [], cursor: null });
    for (const query of ["limit=0", "limit=101", "cursor=x", "label="])
      expect((await send(`/channels/news/highlights?${query}`)).status, query).to.equal(400);
  });

  it("clips a time range of the archive, and says what keeps it from being made", async () => {
    for (const sequence of [0, 1, 2])
      await store.putSegment(buildSegment(sequence, now - 100 + 2 * sequence, 50));
    const at = (seconds: number): string => new Date((now - 100 + seconds) * 1000).toISOString();
    const send = open();
    const clip = (from: string, to: string) =>
      send("/channels/news/clips", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ from, to }),
      });
    createClip.onCall(0).resolves({ kind: "created", jobId: "job" });
    createClip.onCall(1).resolves({ kind: "duplicate", jobId: "job" });
    createClip.onCall(2).resolves({ kind: "accepted" });
    createClip.onCall(3).resolves({
      kind: "deferred",
      notBefore: new Date(nowMs + 90_000).toISOString(),
      reason: "The limit of 5 jobs per hour (maxJobsPerHour) is reached.",
    });

    const answers = [
      await clip(at(1), at(5)),
      await clip(at(1), at(5)),
      await clip(at(1), at(5).replace("Z", "+00:00")),
      await clip(at(1), at(5)),
    ];

    expect(answers.slice(0, 3).map(({ body }) => body)).to.deep.equal([
      { status: "created", jobId: "job" },
      { status: "duplicate", jobId: "job" },
      { status: "accepted", jobId: null },
    ]);
    expect(answers[3]?.status).to.equal(429);
    expect(answers[3]?.body.detail).to.include(
      "(maxJobsPerHour) is reached. Try again at 2026-11-29T12:11:30",
    );
    const [request] = createClip.firstCall.args;
    expect(request.segments.map(({ id }) => id)).to.have.length(3);
    expect([request.startTime, request.endTime]).to.deep.equal([now - 99, now - 95]);
    const early = await clip(at(-50), at(5));
    expect([early.status, early.body.type]).to.deep.equal([409, "/problems/clip-refused"]);
    expect(early.body.detail).to.include("begins at");
    expect((await clip(at(5), at(1))).status).to.equal(409);
    expect((await clip("yesterday", at(1))).status).to.equal(400);
    expect(createClip.callCount).to.equal(4);
  });

  it("lists the channels before their tables exist, and says what to deploy", async () => {
    store = createDynamoAppearanceStore(
      database.client,
      { channels: "no-channels", detections: "no-detections", labels: "no-labels", appearances: "no-rows" },
      { now: () => new Date(nowMs) },
      () => 30,
    );
    const send = open();
    const { status, body } = await send("/channels");
    expect(status).to.equal(200);
    expect(body.channels).to.have.length(2);
    expect(body.channels[0]).to.deep.include({
      name: "news",
      status: "pending",
      paused: false,
      archive: null,
      current: [],
      clipLabels: ["Person"],
    });
    expect(body.channels[0].usage).to.deep.include({ detectionsThisHour: 0, maxDetectionsPerHour: 200 });
    expect(body.channels[0].message).to.include("stack highlights of this stage is not deployed");
    const { appearances, channel } = (await send("/channels/news/highlights")).body;
    expect(channel).to.deep.equal(body.channels[0]);
    expect(appearances).to.deep.equal({ appearances: [], cursor: null });
    for (const [method, path] of [
      ["GET", "labels"],
      ["GET", "celebrities"],
      ["GET", "appearances"],
      ["POST", "pause"],
      ["POST", "resume"],
      ["POST", "clips"],
    ]) {
      const answer = await send(`/channels/news/${path}`, {
        method,
        ...(path === "clips"
          ? {
              headers: { "content-type": "application/json" },
              body: '{"from":"2026-11-29T12:00:00Z","to":"2026-11-29T12:00:01Z"}',
            }
          : {}),
      });
      expect([answer.status, answer.body.type], path).to.deep.equal([503, "/problems/channels-unavailable"]);
      expect(answer.body.detail, path).to.include("npx reelway deploy");
    }
  });

  it("shows and changes nothing for a caller who is no operator", async () => {
    caller = { name: "ann", ownerId: "ann", isOperator: false, scope: "write" };
    const send = open();
    expect((await send("/channels")).body).to.deep.equal({ channels: [] });
    for (const [method, path] of [
      ["GET", "news"],
      ["GET", "news/highlights"],
      ["GET", "news/labels"],
      ["GET", "news/celebrities"],
      ["GET", "news/appearances"],
      ["POST", "news/pause"],
      ["POST", "news/resume"],
      ["POST", "news/clips"],
    ]) {
      const { status, body } = await send(`/channels/${path}`, {
        method,
        ...(path === "news/clips"
          ? {
              headers: { "content-type": "application/json" },
              body: '{"from":"2026-11-29T12:00:00Z","to":"2026-11-29T12:00:01Z"}',
            }
          : {}),
      });
      expect([status, body.type], path).to.deep.equal([404, "/problems/channel-not-found"]);
    }
    expect((await store.readChannel("news")).paused).to.equal(false);
    caller = localCaller;
    expect((await send("/channels/other")).status).to.equal(404);
  });
});
