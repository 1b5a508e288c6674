import { expect } from "chai";
import { createApi } from "../../../lambdas/api/app.ts";
import type { JobLookupResult } from "../../../lambdas/api/ports.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { type PlaybackSigner, PlaybackUnavailable } from "../../../pipeline/ports/playback-signer.ts";
import { listedJob } from "../../runtime/server/listed-job.ts";
import { unexpected, unusedPorts } from "./unused-ports.ts";

const server = "https://video.example.com";
const id = "v".repeat(52);
const ladderKeys = ["master.m3u8", "poster.jpg", "sprite.jpg", "thumbnails.vtt"].map(
  (name) => `ladder/a*b?.mp4/${name}`,
);

describe("the API's playback", () => {
  let nowMs: number;
  let job: Job;
  let newerJobs: readonly Job[];
  let signer: PlaybackSigner;
  let signed: (readonly [string, string])[];
  beforeEach(() => {
    nowMs = Date.parse("2026-11-29T12:00:00.700Z");
    const { job: listed } = listedJob(id);
    job = {
      ...listed,
      source: { ...listed.source, key: "uploads/a*b?.mp4" },
      recipe: "ladder",
      outputs: ladderKeys.map((key) => ({ key, bytes: 1 })),
    };
    newerJobs = [];
    signed = [];
    signer = {
      async signUrl(key, expiresAt) {
        signed.push([key, expiresAt.toISOString()]);
        return `/output/${key}?signature=1`;
      },
      async signFolder(folder, expiresAt) {
        signed.push([folder, expiresAt.toISOString()]);
        const path = "/output/ladder/a%2Ab%3F.mp4/";
        return [
          { name: "CloudFront-Policy", value: "a~b_c-", path },
          { name: "CloudFront-Signature", value: "d", path },
        ];
      },
    };
  });
  const request = async (
    path: string,
    { scheme = "https", ...init }: RequestInit & { scheme?: string } = {},
  ) => {
    const { app } = createApi({
      ...unusedPorts,
      jobs: {
        ...unusedPorts.jobs,
        find: async (wanted): Promise<JobLookupResult> =>
          wanted === id
            ? { kind: "job", job, paths: {} }
            : wanted === "v"
              ? { kind: "ambiguous", message: "Several jobs begin with v." }
              : { kind: "missing", message: "missing" },
      },
      videos: {
        ...unusedPorts.videos,
        store: { findBySource: async () => newerJobs, remove: unexpected },
        playbackSigner: signer,
        clock: { now: () => new Date(nowMs) },
      },
    });
    return app.request(`${server.replace("https", scheme)}${path}`, init);
  };
  const play = () => request(`/videos/${id}/playback`, { method: "POST" });
  const share = (body: object) =>
    request(`/videos/${id}/shares`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const getType = async (response: Response) => ((await response.json()) as { readonly type: string }).type;
  const createShare = async (expiresInSeconds: number) => {
    const response = await share({ expiresInSeconds });
    expect(response.status).to.equal(200);
    return (await response.json()) as { readonly url: string; readonly expiresAt: string };
  };

  it("of a ladder is the manifest's URL and the cookies of its folder", async () => {
    const response = await play();

    expect(response.status).to.equal(200);
    expect(await response.json()).to.deep.equal({
      url: `${server}/output/ladder/a%2Ab%3F.mp4/master.m3u8`,
      kind: "hls",
      contentType: "application/vnd.apple.mpegurl",
      title: "a*b?",
      poster: `${server}/output/ladder/a%2Ab%3F.mp4/poster.jpg`,
      storyboard: `${server}/output/ladder/a%2Ab%3F.mp4/thumbnails.vtt`,
      expiresAt: "2026-11-30T00:00:00.000Z",
    });
    expect(response.headers.get("cache-control")).to.equal("no-store");
    const attributes = "Max-Age=43199; Path=/output/ladder/a%2Ab%3F.mp4/; HttpOnly; Secure; SameSite=Lax";
    expect(response.headers.getSetCookie()).to.deep.equal([
      `CloudFront-Policy=a~b_c-; ${attributes}`,
      `CloudFront-Signature=d; ${attributes}`,
    ]);
    expect(signed).to.deep.equal([["ladder/a*b?.mp4/", "2026-11-30T00:00:00.000Z"]]);
  });

  it("sets cookies without Secure where the server has no TLS", async () => {
    const response = await request(`/videos/${id}/playback`, { method: "POST", scheme: "http" });

    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).to.include("HttpOnly; SameSite=Lax").and.not.include("Secure");
  });

  it("shortens a cookie's path that browsers would ignore, to a folder above", async () => {
    const folder = `/output/${"a".repeat(500)}/`;
    signer = {
      ...signer,
      signFolder: async () => [{ name: "a", value: "b", path: `${folder}${"b".repeat(600)}/` }],
    };

    const [cookie = ""] = (await play()).headers.getSetCookie();

    expect(/Path=([^;]*)/.exec(cookie)?.[1]).to.equal(folder);
  });

  it("of a file is its signed URL, without cookies", async () => {
    job = { ...job, recipe: "transcode", outputs: [{ key: "movies/a.mp4", bytes: 1 }] };
    job = { ...job, source: { ...job.source, key: "uploads/a.mov" } };

    const response = await play();

    expect(await response.json()).to.deep.equal({
      url: `${server}/output/movies/a.mp4?signature=1`,
      kind: "file",
      contentType: "video/mp4",
      title: "a",
      poster: null,
      storyboard: null,
      expiresAt: "2026-11-30T00:00:00.000Z",
    });
    expect(response.headers.getSetCookie()).to.deep.equal([]);
  });

  it("is refused with the reason for what cannot be played", async () => {
    expect(await getType(await request("/videos/other/playback", { method: "POST" }))).to.equal(
      "/problems/video-not-found",
    );
    expect(await getType(await request("/videos/v/playback", { method: "POST" }))).to.equal(
      "/problems/ambiguous-job-id",
    );
    job = { ...job, status: "Progressing" };
    const early = await play();
    expect([early.status, await getType(early)]).to.deep.equal([409, "/problems/job-state-conflict"]);
    job = { ...job, status: "Complete", recipe: "thumbnail" };
    expect(await getType(await play())).to.equal("/problems/video-not-found");
    job = { ...job, recipe: "ladder", outputs: [] };
    expect(await getType(await play())).to.equal("/problems/video-not-found");
  });

  it("is refused when a newer version of the upload has replaced the outputs, also by a share", async () => {
    const { url } = await createShare(60);
    newerJobs = [{ ...job, id: "w".repeat(52), createdAt: "2026-11-29T11:00:00Z" }];

    for (const response of [await play(), await request(url.slice(server.length))]) {
      expect(response.status).to.equal(409);
      expect(await response.json())
        .to.have.property("detail")
        .that.includes("w".repeat(52));
    }
  });

  it("reports why outputs cannot be served", async () => {
    signer = { ...signer, signFolder: () => Promise.reject(new PlaybackUnavailable("The site is missing.")) };

    const response = await play();

    expect(response.status).to.equal(503);
    expect(await response.json()).to.deep.include({
      type: "/problems/playback-unavailable",
      detail: "The site is missing.",
    });
    expect(response.headers.getSetCookie()).to.deep.equal([]);
  });

  it("is shared by a link that ends at its expiry", async () => {
    const { url, expiresAt } = await createShare(3600);
    expect(expiresAt).to.equal("2026-11-29T13:00:00.000Z");
    const path = url.slice(server.length);
    const opened = await request(path);
    const navigation = await request(path, {
      headers: { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    });
    nowMs += 3_600_000;
    const expired = await request(path);

    expect(opened.status).to.equal(200);
    expect(await opened.json()).to.include({ kind: "hls", expiresAt, linkExpiresAt: expiresAt });
    expect(opened.headers.getSetCookie()).to.have.length(2);
    expect(opened.headers.get("cache-control")).to.equal("no-store");
    expect(opened.headers.get("referrer-policy")).to.equal("no-referrer");
    expect([navigation.status, navigation.headers.get("location")]).to.deep.equal([
      303,
      path.replace("/shares/", "/shared/"),
    ]);
    expect(navigation.headers.getSetCookie()).to.deep.equal([]);
    expect(navigation.headers.get("referrer-policy")).to.equal("no-referrer");
    expect([expired.status, await getType(expired)]).to.deep.equal([403, "/problems/expired-url"]);
    expect(signed.map(([, time]) => time)).to.deep.equal([expiresAt]);
  });

  it("starts at the time of a shared link", async () => {
    const { url } = await createShare(60);
    const path = url.slice(server.length);
    const open = async (query: string) =>
      request(path + query, { headers: { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" } });
    const view = path.replace("/shares/", "/shared/");

    for (const [query, expected] of [
      ["?t=83", `${view}?t=83`],
      ["?t=1m23s", `${view}?t=1m23s`],
      ["?t=1%26x%3D2%0D%0A%23", `${view}?t=1%26x%3D2%0D%0A%23`],
    ] as const) {
      const response = await open(query);
      expect([response.status, response.headers.get("location")], query).to.deep.equal([303, expected]);
    }
    expect((await request(`${path}?t=83`)).status).to.equal(200);
    expect((await open("?u=83")).status).to.equal(400);
  });

  it("of a long share is signed for 12 hours at a time", async () => {
    const { url, expiresAt } = await createShare(30 * 86_400);

    expect(await (await request(url.slice(server.length))).json()).to.include({
      expiresAt: "2026-11-30T00:00:00.000Z",
      linkExpiresAt: expiresAt,
    });
  });

  it("is refused for an altered link, and when the video is deleted", async () => {
    const { url } = await createShare(60);
    const path = url.slice(server.length);
    const altered = await request(path.replace("/shares/v", "/shares/w"));
    job = { ...job, id: "other" };
    const { url: deleted } = await createShare(60);

    expect([altered.status, await getType(altered)]).to.deep.equal([403, "/problems/invalid-signature"]);
    expect(await getType(await request("/shares/a"))).to.equal("/problems/invalid-signature");
    expect(await getType(await request(deleted.slice(server.length)))).to.equal("/problems/video-not-found");
  });

  it("is explained by the page if a browser opens a link that is not valid", async () => {
    const navigation = { headers: { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" } };
    const { url } = await createShare(60);
    const path = url.slice(server.length);
    const altered = await request(`${path}a`, navigation);
    nowMs += 60_000;
    const expired = await request(path, navigation);

    for (const [response, opened] of [
      [altered, `${path}a`],
      [expired, path],
    ] as const) {
      expect(response.status).to.equal(303);
      expect(response.headers.get("location")).to.equal(opened.replace("/shares/", "/shared/"));
      expect(response.headers.get("referrer-policy")).to.equal("no-referrer");
      expect(response.headers.getSetCookie()).to.deep.equal([]);
    }
    expect(signed).to.deep.equal([]);
  });

  it("is shared for 30 days at most", async () => {
    for (const expiresInSeconds of [0, 1.5, 30 * 86_400 + 1, "60"]) {
      const response = await share({ expiresInSeconds });
      expect(response.status, String(expiresInSeconds)).to.equal(400);
      expect(await response.json()).to.have.nested.property("errors[0].parameter", "expiresInSeconds");
    }
  });
});
