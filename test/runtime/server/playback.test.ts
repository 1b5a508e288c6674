import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createFileAccountStore } from "../../../adapters/local/account-store.ts";
import type { AccountStore } from "../../../pipeline/access/account-store.ts";
import { createToken, rotateSessionKey } from "../../../pipeline/access/accounts.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { checkDocumented, readOpenApi } from "./api-client.ts";
import { listedJob } from "./listed-job.ts";
import { createMemoryRateLimiter } from "./rate-limiter.ts";
import { type Answer, sendRequest } from "./raw-request.ts";
import { type ServedApp, serveApp } from "./serve-app.ts";

const commandToken = "token-of-an-operator";
const operator = { authorization: `Bearer ${commandToken}` };
/** The owner of the video `film`. */
const annId = "id-of-ann";
const film = "the bytes of a film";
const videos: Readonly<Record<string, Pick<Job, "recipe" | "outputs">>> = {
  film: { recipe: "transcode", outputs: [{ key: "movies/a *?#%'ü.mp4", bytes: film.length }] },
  ladder: {
    recipe: "ladder",
    outputs: ["master.m3u8", "rendition-0.mp4", "poster.jpg", "sprite.jpg", "thumbnails.vtt"].map((name) => ({
      key: `ladder/a*.mp4/${name}`,
      bytes: film.length,
    })),
  },
  other: { recipe: "ladder", outputs: [{ key: "ladder/ab.mp4/master.m3u8", bytes: film.length }] },
};

describe("playback on a server that requires authentication", () => {
  let root: string;
  let served: ServedApp;
  let accounts: AccountStore;
  let nowMs: number;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-playback-"));
    const clock = { now: () => new Date(nowMs) };
    accounts = createFileAccountStore(join(root, "accounts"));
    served = await serveApp({
      authentication: { accounts, clock, rateLimiter: createMemoryRateLimiter(clock), commandToken },
      now: () => nowMs,
      control: {
        find: async (id, ownerId) => {
          const { job, paths } = listedJob(id);
          const video = videos[id];
          return video === undefined || (ownerId !== undefined && (ownerId !== annId || id !== "film"))
            ? { kind: "missing", message: `Job ${id} does not exist.` }
            : { kind: "job", job: { ...job, ...video }, paths };
        },
      },
    });
    const file = join(root, "film");
    await writeFile(file, film);
    for (const { outputs } of Object.values(videos))
      for (const { key } of outputs)
        await served.objects.write({ bucket: "output", key }, { file }, { contentType: "video/mp4" });
  });
  beforeEach(() => {
    nowMs = Date.parse("2026-11-29T12:00:00Z");
  });
  after(async () => {
    await served.close();
    await rm(root, { recursive: true, force: true });
  });

  const send = (path: string, options: Parameters<typeof sendRequest>[2] = {}) =>
    sendRequest(served.server.port, path, options);
  const readType = ({ body }: Answer): string => JSON.parse(body).type;
  const getPath = (url: string): string => {
    const { pathname, search } = new URL(url);
    return pathname + search;
  };
  const play = async (id: string, headers: Readonly<Record<string, string>> = operator) => {
    const answer = await send(`/videos/${id}/playback`, { method: "POST", headers });
    expect(answer.status, answer.body).to.equal(200);
    checkDocumented(await readOpenApi(served.server.port), "/videos/{id}/playback", "POST", answer);
    const cookies = (answer.headers["set-cookie"] ?? []).map((cookie) => cookie.split(";")[0] ?? "");
    return { path: getPath(JSON.parse(answer.body).url), cookie: cookies.join("; "), answer };
  };

  it("of a file is by its signed URL, with ranges and HEAD", async () => {
    const { path } = await play("film");
    const whole = await send(path);
    const head = await send(path, { method: "HEAD" });
    const part = await send(path, { headers: { range: "bytes=4-8" } });

    expect([whole.status, whole.body]).to.deep.equal([200, film]);
    expect([head.status, head.body, head.headers["content-length"]]).to.deep.equal([
      200,
      "",
      String(film.length),
    ]);
    expect([part.status, part.body, part.headers["content-range"]]).to.deep.equal([
      206,
      film.slice(4, 9),
      `bytes 4-8/${film.length}`,
    ]);
  });

  it("refuses URLs that are altered, of another object, or expired", async () => {
    const { path } = await play("film");
    const [pathname = "", query = ""] = path.split("?");
    const altered = await send(`${pathname}?${query.replace(/expires=\d/, "expires=9")}`);
    const foreign = await send(`/output/ladder/ab.mp4/master.m3u8?${query}`);
    const extended = await send(`${path}&download=1`);
    const unsigned = await send(pathname);
    nowMs += 12 * 3_600_000;
    const expired = await send(path);

    for (const answer of [altered, foreign, extended])
      expect([answer.status, readType(answer)]).to.deep.equal([403, "/problems/invalid-signature"]);
    expect(unsigned.status).to.equal(401);
    expect([expired.status, readType(expired)]).to.deep.equal([403, "/problems/expired-url"]);
  });

  it("of a ladder is by cookies for its folder only", async () => {
    const { path, cookie, answer } = await play("ladder");
    expect(path).to.equal("/output/ladder/a%2A.mp4/master.m3u8");
    expect(answer.headers["set-cookie"]).to.have.length(1);
    expect(answer.headers["set-cookie"]?.[0]).to.match(
      /^reelway_playback=[\w.-]+; Max-Age=43200; Path=\/output\/ladder\/a%2A\.mp4\/; HttpOnly; SameSite=Lax$/,
    );
    for (const spelling of [path, "/output/ladder/a*.mp4/rendition-0.mp4"])
      expect((await send(spelling, { headers: { cookie } })).body).to.equal(film);
    const part = await send(path, { headers: { cookie, range: "bytes=0-2" } });
    expect([part.status, part.body]).to.deep.equal([206, "the"]);

    const foreign = await send("/output/ladder/ab.mp4/master.m3u8", { headers: { cookie } });
    const altered = await send(path, { headers: { cookie: `${cookie}x` } });
    const unsigned = await send(path);
    nowMs += 12 * 3_600_000;
    const expired = await send(path, { headers: { cookie } });

    for (const refused of [foreign, altered])
      expect([refused.status, readType(refused)]).to.deep.equal([403, "/problems/invalid-signature"]);
    expect(unsigned.status).to.equal(401);
    expect([expired.status, readType(expired)]).to.deep.equal([403, "/problems/expired-url"]);
  });

  it("of a storyboard is by the signed URLs of its cues and its sprite sheet", async () => {
    const { storyboard } = JSON.parse((await send("/videos/ladder", { headers: operator })).body);
    for (const url of [storyboard.url, storyboard.spriteUrl]) expect((await send(url)).body).to.equal(film);
    expect((await send("/output/ladder/a%2A.mp4/sprite.jpg")).status).to.equal(401);
  });

  it("of every output is by its signed URL", async () => {
    for (const [id, video] of Object.entries(videos)) {
      const { outputs } = JSON.parse((await send(`/videos/${id}/outputs`, { headers: operator })).body);
      expect(outputs).to.have.length(video.outputs.length);
      for (const { url } of outputs) expect((await send(url)).body, url).to.equal(film);
    }
  });

  it("is allowed to operators without a signature, whatever cookies they have", async () => {
    const { cookie } = await play("ladder");

    expect(
      (await send("/output/ladder/ab.mp4/master.m3u8", { headers: { ...operator, cookie } })).body,
    ).to.equal(film);
  });

  it("is refused to callers without credentials or without the video", async () => {
    const add = async (scope: "read" | "write", ownerId?: string) => {
      let token = "";
      await accounts.update((stored) => {
        const created = createToken(stored, { name: scope, scope, days: 1, ownerId }, new Date(nowMs));
        token = created.token;
        return created.accounts;
      });
      return { authorization: `Bearer ${token}` };
    };
    const user = await add("write", "id-of-a-user");
    const ann = await add("write", annId);

    for (const path of ["/videos/film/playback", "/videos/film/shares"]) {
      const body = path.endsWith("shares") ? { body: '{"expiresInSeconds":60}' } : {};
      const headers = { "content-type": "application/json" };
      expect((await send(path, { method: "POST", headers, ...body })).status).to.equal(401);
      const hidden = await send(path, { method: "POST", headers: { ...headers, ...user }, ...body });
      expect([hidden.status, readType(hidden)]).to.deep.equal([404, "/problems/video-not-found"]);
    }
    const hidden = await send("/output/ladder/ab.mp4/master.m3u8", { headers: user });
    expect([hidden.status, readType(hidden)]).to.deep.equal([404, "/problems/object-not-found"]);
    const { path, cookie } = await play("ladder");
    expect((await send(path, { headers: { ...user, cookie } })).body).to.equal(film);
    expect((await play("film", ann)).answer.status).to.equal(200);
    expect((await send("/videos/ladder/playback", { method: "POST", headers: ann })).status).to.equal(404);
    expect((await play("film", await add("read"))).answer.status).to.equal(200);
  });

  it("of a shared video needs no credentials until the share expires", async () => {
    const { body } = await send("/videos/ladder/shares", {
      method: "POST",
      headers: { ...operator, "content-type": "application/json" },
      body: '{"expiresInSeconds":60}',
    });
    const share = getPath(JSON.parse(body).url);
    const opened = await send(share);
    const [cookie = ""] = opened.headers["set-cookie"]?.map((one) => one.split(";")[0] ?? "") ?? [];
    const path = getPath(JSON.parse(opened.body).url);

    expect((await send(path, { headers: { cookie } })).body).to.equal(film);
    nowMs += 60_000;
    for (const answer of [await send(share), await send(path, { headers: { cookie } })])
      expect([answer.status, readType(answer)]).to.deep.equal([403, "/problems/expired-url"]);
  });

  it("of a shared video outlives one rotation of the signing key, unless the sessions end", async () => {
    const create = async () => {
      const { body } = await send("/videos/ladder/shares", {
        method: "POST",
        headers: { ...operator, "content-type": "application/json" },
        body: '{"expiresInSeconds":60}',
      });
      return getPath(JSON.parse(body).url);
    };
    const rotate = (endsSessions: boolean) =>
      accounts.update((stored) => rotateSessionKey(stored, endsSessions));
    const share = await create();
    await rotate(false);
    expect((await send(share)).status).to.equal(200);
    await rotate(false);
    expect(readType(await send(share))).to.equal("/problems/invalid-signature");
    const later = await create();
    await rotate(true);
    expect(readType(await send(later))).to.equal("/problems/invalid-signature");
  });
});
