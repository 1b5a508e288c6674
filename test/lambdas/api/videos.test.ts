import { expect } from "chai";
import { Hono } from "hono";
import sinon from "sinon";
import { createApi } from "../../../lambdas/api/app.ts";
import type { ApiPorts, ApiVideos } from "../../../lambdas/api/ports.ts";
import { type Caller, localCaller } from "../../../pipeline/access/caller.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import type { JobQuery } from "../../../pipeline/jobs/list-jobs.ts";
import { type PlaybackSigner, PlaybackUnavailable } from "../../../pipeline/ports/playback-signer.ts";
import type { ResponseRecord } from "../../../pipeline/responses/response.ts";
import { createApiResponses, createMemoryResponseStore } from "../../runtime/server/api-responses.ts";
import { listedJob } from "../../runtime/server/listed-job.ts";
import { unexpected, unusedPorts } from "./unused-ports.ts";

const stem = `responses/course/intro/${"a".repeat(64)}`;
const ladder = ["poster.jpg", "master.m3u8", "manifest.mpd"];

const createVideo = (id: string, changes: Partial<Job> = {}): Job => ({
  ...listedJob(id).job,
  recipe: "transcode",
  outputs: [{ key: `web/${id} ü.mp4`, bytes: 1, durationSeconds: 2.5 }],
  ...changes,
});

describe("the API of videos", () => {
  let jobs: Job[];
  let nowMs: number;
  let list: sinon.SinonStub<[JobQuery], ReturnType<ApiPorts["jobs"]["list"]>>;
  let records: Map<string, ResponseRecord>;
  let caller: Caller;
  beforeEach(() => {
    jobs = [];
    nowMs = Date.parse("2026-11-29T12:10:00Z");
    caller = localCaller;
    list = sinon.stub();
    list.callsFake(async () => ({ jobs: jobs.map((job) => ({ job, paths: {} })) }));
  });

  const open = (videos: Partial<ApiVideos> = {}) => {
    const store = createMemoryResponseStore();
    records = store.records;
    const { app } = createApi({
      ...unusedPorts,
      jobs: {
        ...unusedPorts.jobs,
        list,
        find: async (id, ownerId) => {
          const job = jobs.find((one) => one.id === id && (ownerId === undefined || one.ownerId === ownerId));
          return job === undefined
            ? { kind: "missing", message: "missing" }
            : { kind: "job", job, paths: {} };
        },
      },
      videos: {
        ...unusedPorts.videos,
        store: {
          findBySource: async (_, key) => jobs.filter(({ source }) => source.key === key),
          remove: unexpected,
        },
        clock: { now: () => new Date(nowMs) },
        ...videos,
      },
      responses: createApiResponses({ store }),
    });
    const outer = new Hono();
    outer.use(async (context, next) => {
      context.set("caller", caller);
      await next();
    });
    outer.route("/", app);
    return async (path: string, headers: Record<string, string> = {}) => {
      const response = await outer.request(path, { headers });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === "" ? undefined : JSON.parse(text),
      };
    };
  };
  const addResponse = (mail: string, jobId: string, ownerId?: string): void => {
    records.set(mail, {
      project: "course",
      step: "intro",
      mail,
      video: `${stem}.mp4`,
      videoKeyStem: stem,
      status: "Complete",
      jobId,
      ...(ownerId === undefined ? {} : { ownerId }),
      createdAt: "2026-11-29T12:00:00Z",
      updatedAt: "2026-11-29T12:00:00Z",
      revision: 1,
    });
  };

  it("lists only recipes that a player can open, of the caller, with the filters of the request", async () => {
    caller = { name: "ann", ownerId: "ann", isOperator: false, scope: "read" };
    const send = open();
    expect((await send("/videos?status=Error&route=talks&engine=ffmpeg&q=Talk&limit=7")).status).to.equal(
      200,
    );
    expect(list.firstCall.args[0]).to.deep.equal({
      recipes: ["transcode", "watermark", "ladder", "audio", "clip"],
      ownerId: "ann",
      status: "Error",
      route: "talks",
      engine: "ffmpeg",
      keyPart: "Talk",
      limit: 7,
    });
    for (const query of [
      "limit=0",
      "limit=101",
      "status=Lost",
      "route=",
      "engine=mencoder",
      "q=",
      "cursor=x",
      "step=a",
      "mail=a",
      "other=1",
    ])
      expect((await send(`/videos?${query}`)).status, query).to.equal(400);
    expect((await send("/videos?step=a")).body.errors).to.deep.equal([
      {
        parameter: "step",
        in: "query",
        detail: "Add `project` or `mail`: a step alone selects no responses.",
      },
    ]);
  });

  it("signs files and posters until the end of an hour, and leaves manifests to the cookies of their folder", async () => {
    jobs = [
      createVideo("a"),
      createVideo("b", {
        recipe: "ladder",
        outputs: ladder.map((name) => ({ key: `l/b/${name}`, bytes: 1 })),
      }),
    ];
    const signUrl = sinon.stub<[string, Date], Promise<string>>();
    signUrl.callsFake(async (key, expiresAt) => `https://cdn/${key}?${expiresAt.toISOString()}`);
    // A list is read once for callers that are close together.
    const send = (path: string, headers: Record<string, string> = {}) =>
      open({ playbackSigner: { signUrl, signFolder: unexpected } })(path, headers);
    const first = await send("/videos");
    const expires = "2026-11-30T01:00:00.000Z";
    expect(
      first.body.videos.map(({ playables, posterUrl }: Record<string, unknown>) => ({
        playables,
        posterUrl,
      })),
    ).to.deep.equal([
      {
        playables: [{ url: `https://cdn/web/a ü.mp4?${expires}`, contentType: "video/mp4", kind: "file" }],
        posterUrl: null,
      },
      {
        playables: [
          { url: "/output/l/b/master.m3u8", contentType: "application/vnd.apple.mpegurl", kind: "hls" },
          { url: "/output/l/b/manifest.mpd", contentType: "application/dash+xml", kind: "dash" },
        ],
        posterUrl: `https://cdn/l/b/poster.jpg?${expires}`,
      },
    ]);
    const etag = String(first.headers.get("etag"));
    nowMs += 40 * 60_000;
    expect((await send("/videos", { "if-none-match": etag })).status).to.equal(304);
    nowMs += 20 * 60_000;
    expect((await send("/videos", { "if-none-match": etag })).status).to.equal(200);
  });

  it("has a signed storyboard of a ladder, of which the sprite sheet is signed too", async () => {
    const outputs = ["poster.jpg", "sprite.jpg", "thumbnails.vtt", "master.m3u8"].map((name) => ({
      key: `l/a *?ü/sprite.jpg/${name}`,
      bytes: 1,
    }));
    jobs = [
      createVideo("a", { recipe: "ladder", outputs }),
      createVideo("b", { recipe: "ladder", outputs: outputs.filter(({ key }) => !key.endsWith("vtt")) }),
      createVideo("c", { outputs }),
      createVideo("d", { recipe: "ladder", outputs, status: "Progressing" }),
    ];
    const signUrl = sinon.stub<[string, Date], Promise<string>>();
    signUrl.callsFake(async (key) => `https://cdn/${key}?signed`);
    const storyboards = async (send: ReturnType<typeof open>) =>
      (await send("/videos")).body.videos.map(
        ({ storyboard }: { readonly storyboard: unknown }) => storyboard,
      );
    expect(await storyboards(open({ playbackSigner: { signUrl, signFolder: unexpected } }))).to.deep.equal([
      {
        url: "https://cdn/l/a *?ü/sprite.jpg/thumbnails.vtt?signed",
        spriteUrl: "https://cdn/l/a *?ü/sprite.jpg/sprite.jpg?signed",
      },
      null,
      null,
      null,
    ]);
    expect((await storyboards(open()))[0]).to.deep.equal({
      url: "/output/l/a%20%2A%3F%C3%BC/sprite.jpg/thumbnails.vtt",
      spriteUrl: "/output/l/a%20%2A%3F%C3%BC/sprite.jpg/sprite.jpg",
    });
    signUrl.rejects(new PlaybackUnavailable("no site"));
    expect((await storyboards(open({ playbackSigner: { signUrl, signFolder: unexpected } })))[0]).to.equal(
      null,
    );
  });

  it("signs a URL once within the hour in which it expires", async () => {
    jobs = [createVideo("a")];
    const signUrl = sinon.stub<[string, Date], Promise<string>>();
    signUrl.callsFake(async (key, expiresAt) => `https://cdn/${key}?${expiresAt.getTime()}`);
    const send = open({ playbackSigner: { signUrl, signFolder: unexpected } });
    const [first, second] = [await send("/videos/a"), await send("/videos/a")];
    expect([second.body, signUrl.callCount]).to.deep.equal([first.body, 1]);
    nowMs += 3_600_000;
    expect((await send("/videos/a")).body.playables).to.not.deep.equal(first.body.playables);
    expect(signUrl.callCount).to.equal(2);
  });

  it("describes route, engine and recipe, the size of the upload and of the largest video", async () => {
    const changes = {
      route: "films",
      engine: "ffmpeg",
      source: { bucket: "input", key: "a", bytes: 7 },
    } as const;
    const rendition = (height: number, contentType: string) => ({
      key: `l/${height}.mp4`,
      bytes: 1,
      width: height * 2,
      height,
      contentType,
    });
    jobs = [
      createVideo("a", {
        ...changes,
        recipe: "ladder",
        outputs: [rendition(360, "video/mp4"), rendition(720, "video/mp4"), rendition(900, "image/jpeg")],
      }),
      createVideo("b", { ...changes, recipe: "audio", outputs: [{ key: "a.mp3", bytes: 1 }] }),
    ];
    const send = open();
    expect((await send("/videos/a")).body).to.include({
      route: "films",
      engine: "ffmpeg",
      recipe: "ladder",
      bytes: 7,
      width: 1440,
      height: 720,
    });
    expect((await send("/videos/b")).body).to.include({ recipe: "audio", width: null, height: null });
  });

  it("are listed from one read for concurrent requests, and from another for another caller or filter", async () => {
    jobs = [createVideo("a", { ownerId: "ann" })];
    const send = open();
    await Promise.all(Array.from({ length: 20 }, () => send("/videos")));
    expect(list.callCount).to.equal(1);
    await send("/videos?status=Complete");
    caller = { name: "ben", ownerId: "ben", isOperator: false, scope: "read" };
    await send("/videos");
    expect(list.args.map(([{ status, ownerId }]) => [status, ownerId])).to.deep.equal([
      [undefined, undefined],
      ["Complete", undefined],
      [undefined, "ben"],
    ]);
  });

  it("stays usable while nothing can be signed", async () => {
    jobs = [createVideo("a")];
    const failWith = (cause: Error): PlaybackSigner => ({
      signUrl: async () => Promise.reject(cause),
      signFolder: unexpected,
    });
    const send = open({ playbackSigner: failWith(new PlaybackUnavailable("no site")) });
    const { status, body } = await send("/videos/a");
    expect({ status, playables: body.playables }).to.deep.equal({ status: 200, playables: [] });
  });

  it("does not play a version that another one has replaced", async () => {
    const source = { bucket: "input", key: "a.mp4", bytes: 1 };
    jobs = [
      createVideo("new", { source: { ...source, versionId: "2", sequencer: "0B" } }),
      createVideo("old", { source: { ...source, versionId: "1", sequencer: "0A" } }),
    ];
    const { body } = await open()("/videos");
    expect(
      body.videos.map(({ id, supersededBy, playables }: Record<string, unknown[]>) => [
        id,
        supersededBy,
        playables?.length,
      ]),
    ).to.deep.equal([
      ["new", null, 1],
      ["old", "new", 0],
    ]);
  });

  it("describes the title, the duration and the owner", async () => {
    jobs = [
      createVideo("a", {
        ownerId: "ann",
        source: { bucket: "input", key: "talks/ann/My talk.v2.mp4", bytes: 1 },
      }),
    ];
    const send = open();
    expect((await send("/videos/a")).body).to.include({
      title: "My talk.v2",
      durationSeconds: 2.5,
      ownerId: "ann",
    });
    caller = { name: "ann", ownerId: "ann", isOperator: false, scope: "read" };
    expect((await send("/videos/a")).body).to.include({ ownerId: null });
  });

  it("knows no job that makes nothing to play", async () => {
    jobs = [createVideo("a", { recipe: "thumbnail" }), createVideo("b", { recipe: null })];
    const send = open();
    for (const id of ["a", "b", "c"]) {
      const { status, body } = await send(`/videos/${id}`);
      expect([status, body.type]).to.deep.equal([404, "/problems/video-not-found"]);
    }
  });

  it("finds the videos of responses, and shows their person only to their owner and to operators", async () => {
    const source = { bucket: "input", key: `${stem}.mp4`, bytes: 1 };
    jobs = [createVideo("a", { source, ownerId: "ann" })];
    const send = open();
    addResponse("ann@example.org", "a", "ann");
    addResponse("eve@example.org", "a", "eve");
    addResponse("request@example.org", "none", "ann");
    const response = { project: "course", step: "intro", mail: "ann@example.org" };
    const paths = [
      "/videos?project=course&step=intro",
      "/videos?mail=ANN@example.org",
      "/videos?project=course",
    ];

    caller = { name: "ann", ownerId: "ann", isOperator: false, scope: "read" };
    for (const path of paths) {
      const { body } = await send(path);
      expect(
        body.videos.map(({ response: shown }: Record<string, unknown>) => shown),
        path,
      ).to.deep.equal([response]);
    }
    for (const path of [
      "/videos?project=other",
      "/videos?project=course&q=nothing",
      "/videos?project=course&status=Error",
      "/videos?project=course&engine=elastic-transcoder",
      "/videos?project=course&route=other",
    ])
      expect((await send(path)).body.videos, path).to.deep.equal([]);
    records.delete("ann@example.org");
    expect((await send("/videos/a")).body.response).to.equal(null);
    caller = localCaller;
    expect((await send("/videos/a")).body.response).to.include({ mail: "eve@example.org" });
    caller = { name: "ben", ownerId: "ben", isOperator: false, scope: "read" };
    for (const path of paths) expect((await send(path)).body.videos).to.deep.equal([]);
  });
});
