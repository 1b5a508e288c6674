import { expect } from "chai";
import { createApi } from "../../../lambdas/api/app.ts";
import type { JobOutput } from "../../../pipeline/attempts/report.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { type PlaybackSigner, PlaybackUnavailable } from "../../../pipeline/ports/playback-signer.ts";
import { listedJob } from "../../runtime/server/listed-job.ts";
import { unexpected, unusedPorts } from "./unused-ports.ts";

const folder = "l/a *?ü/sprite.jpg/";
const ladder: readonly JobOutput[] = [
  { key: `${folder}rendition-0.mp4`, bytes: 9, width: 1280, height: 720, durationSeconds: 60.5 },
  { key: `${folder}rendition-1.mp4`, bytes: 2, contentType: "audio/mp4", durationSeconds: 60.4 },
  { key: `${folder}poster.jpg`, bytes: 3, width: 1280, height: 720, durationSeconds: 0.04 },
  { key: `${folder}sprite.jpg`, bytes: 4, width: 1600, height: 90 },
  { key: `${folder}thumbnails.vtt`, bytes: 5 },
  { key: `${folder}media_0.m3u8`, bytes: 6 },
  { key: `${folder}manifest.mpd`, bytes: 7 },
];

describe("the API of a video's outputs", () => {
  let job: Job;
  let newer: readonly Job[];
  beforeEach(() => {
    job = { ...listedJob("a").job, recipe: "ladder", outputs: ladder };
    newer = [];
  });
  const list = async (playbackSigner?: PlaybackSigner, headers: Record<string, string> = {}) => {
    const { app } = createApi({
      ...unusedPorts,
      jobs: { ...unusedPorts.jobs, find: async () => ({ kind: "job", job, paths: {} }) },
      videos: {
        ...unusedPorts.videos,
        store: { findBySource: async () => [job, ...newer], remove: unexpected },
        clock: { now: () => new Date("2026-11-29T12:10:00Z") },
        ...(playbackSigner === undefined ? {} : { playbackSigner }),
      },
    });
    const response = await app.request("/videos/a/outputs", { headers });
    const text = await response.text();
    return { response, body: text === "" ? undefined : JSON.parse(text) };
  };

  it("are signed, each with what a person wants to know, and in the order in which people save them", async () => {
    const signUrl = async (key: string, expiresAt: Date) => `https://cdn/${key}?${expiresAt.toISOString()}`;
    const { body } = await list({ signUrl, signFolder: unexpected });
    const toUrl = (name: string) => `https://cdn/${folder}${name}?2026-11-30T01:00:00.000Z`;
    const none = { width: null, height: null, durationSeconds: null };
    expect(body.outputs[0]).to.deep.equal({
      key: `${folder}rendition-0.mp4`,
      name: "rendition-0.mp4",
      kind: "rendition",
      contentType: "video/mp4",
      bytes: 9,
      width: 1280,
      height: 720,
      durationSeconds: 60.5,
      url: toUrl("rendition-0.mp4"),
    });
    expect(body.outputs[2]).to.include({ kind: "image", name: "poster.jpg", durationSeconds: null });
    expect(body.outputs.at(-1)).to.deep.equal({
      key: `${folder}manifest.mpd`,
      name: "manifest.mpd",
      kind: "manifest",
      contentType: "application/dash+xml",
      bytes: 7,
      ...none,
      url: toUrl("manifest.mpd"),
    });
    expect(body.outputs.map(({ kind }: { readonly kind: string }) => kind)).to.deep.equal([
      "rendition",
      "rendition",
      "image",
      "storyboard",
      "storyboard",
      "manifest",
      "manifest",
    ]);
  });

  it("are whole files first, with paths of the server where nothing is signed", async () => {
    job = {
      ...job,
      recipe: "transcode",
      outputs: [
        { key: "web/a.png", bytes: 1 },
        { key: "web/a b?.mp4", bytes: 2 },
      ],
    };
    const { response, body } = await list();
    expect(body.outputs.map(({ kind, url }: Readonly<Record<string, string>>) => [kind, url])).to.deep.equal([
      ["file", "/output/web/a%20b%3F.mp4"],
      ["image", "/output/web/a.png"],
    ]);
    const etag = String(response.headers.get("etag"));
    expect((await list(undefined, { "if-none-match": etag })).response.status).to.equal(304);
  });

  it("do not exist before the video is Complete, after they were replaced, and while nothing can be signed", async () => {
    const getProblem = async (signer?: PlaybackSigner) => {
      const { response, body } = await list(signer);
      return [response.status, body.type];
    };
    const original = job;
    job = { ...original, status: "Progressing" };
    expect(await getProblem()).to.deep.equal([409, "/problems/job-state-conflict"]);
    job = { ...original, source: { ...original.source, sequencer: "0A" } };
    newer = [{ ...job, id: "b", source: { ...job.source, versionId: "2", sequencer: "0B" } }];
    expect(await getProblem()).to.deep.equal([409, "/problems/job-state-conflict"]);
    newer = [];
    const signUrl = async () => Promise.reject(new PlaybackUnavailable("no site"));
    expect(await getProblem({ signUrl, signFolder: unexpected })).to.deep.equal([
      503,
      "/problems/playback-unavailable",
    ]);
  });
});
