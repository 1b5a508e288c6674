import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { createMemoryAppearanceStore } from "../../adapters/local/memory-appearance-store.ts";
import { selectChannels } from "../../pipeline/configuration/channels-schema.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import type { Appearance } from "../../pipeline/highlights/appearance.ts";
import type { AppearanceStore, ChannelStatus } from "../../pipeline/highlights/appearance-store.ts";
import type { ClipRequest } from "../../pipeline/highlights/clipper.ts";
import configured from "../../reelway.config.ts";
import { makeClip } from "../e2e/program.ts";
import { buildSegment } from "../pipeline/highlights/channel-fixtures.ts";
import { listedJob } from "../runtime/server/listed-job.ts";
import { type ServedApp, serveApp } from "../runtime/server/serve-app.ts";
import { openBrowser } from "./browser.ts";
import { expectAccessible } from "./page-site.ts";

const run = promisify(execFile);
const settings = selectChannels(
  parseConfiguration({
    ...configured,
    channels: [
      {
        name: "news",
        manifestUrl: "https://live.example.com/news.m3u8",
        clipLabels: ["Person", "Cup"],
        celebrities: true,
        maxDetectionsPerHour: 200,
      },
      {
        name: "sport",
        manifestUrl: "https://live.example.com/sport.m3u8",
        clipLabels: ["A ball of one of the sports that are played on grass"],
      },
    ],
  }).channels,
  "prod",
);
const usd = 0.002;
const segmentSeconds = 2;

/** A run of a watcher that finds what the test says. */
class SimulatedRun {
  readonly #store: AppearanceStore;
  #sequence = 0;
  readonly #startTime = Math.floor(Date.now() / 1000) - 60;

  constructor(store: AppearanceStore) {
    this.#store = store;
  }

  /** The time of the next segment, epoch seconds. */
  get time(): number {
    return this.#startTime + this.#sequence * segmentSeconds;
  }

  /** Archives a segment and reports it. */
  async watch(status: Partial<ChannelStatus> = {}): Promise<void> {
    await this.#store.putSegment(buildSegment(this.#sequence, this.time, 50));
    const lastSegmentAt = this.time;
    this.#sequence += 1;
    const lease = await this.#store.acquireLease("news", "run", 60);
    if (lease === undefined) throw new Error("The lease is held.");
    await this.#store.saveState(
      lease,
      {},
      { name: "watching", message: "", lastSegmentAt, lastPolledAt: Date.now() / 1000, ...status },
    );
    await this.#store.releaseLease(lease);
  }

  async see(name: string, kind: "label" | "celebrity" = "label", urls?: readonly string[]): Promise<void> {
    const frame = {
      segmentId: `0000-${String(this.#sequence).padStart(10, "0")}`,
      frame: 0,
      time: this.time,
    };
    await this.#store.reserveDetection(
      "news",
      Date.now() / 1000,
      usd,
      settings[0] ?? { maxDetectionsPerHour: 0, maxUsdPerDay: 0 },
    );
    await this.#store.recordSighting("news", {
      kind,
      id: name,
      name,
      frame,
      confidence: 91,
      imageKey: `archive/news/frames/${name}.jpg`,
      ...(urls === undefined ? {} : { urls }),
    });
  }

  /** Starts an appearance. Returns the function that ends it. */
  async start(label: string, id: string): Promise<(changes: Partial<Appearance>) => Promise<void>> {
    const frame = { segmentId: "0000-0000000000", frame: 0, time: this.time };
    const appearance: Appearance = {
      id,
      channel: "news",
      label,
      status: "open",
      start: frame,
      confidence: 93.4,
      imageKey: `archive/news/frames/${label}.jpg`,
    };
    await this.#store.putAppearance(appearance);
    return async (changes) => {
      const end = { ...frame, time: this.time };
      await this.#store.putAppearance({ ...appearance, status: "closed", end, ...changes }, 1);
    };
  }
}

describe("the highlights", function () {
  this.timeout(240_000);
  let folder: string;
  let app: ServedApp;
  let browser: Browser;
  let store: AppearanceStore;
  let watcher: SimulatedRun;
  let clipRequests: ClipRequest[];
  let origin: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-highlights-"));
    browser = await openBrowser();
    const clock = { now: () => new Date() };
    store = createMemoryAppearanceStore(clock);
    watcher = new SimulatedRun(store);
    clipRequests = [];
    const clip = {
      ...listedJob("clip-job").job,
      recipe: "clip",
      status: "Complete",
      outputs: [
        { key: "highlights/news/person.mp4", bytes: 1 },
        { key: "highlights/news/person.jpg", bytes: 1 },
      ],
    } as const;
    app = await serveApp({
      channels: {
        settings,
        store,
        clipper: {
          async createClip(request) {
            clipRequests.push(request);
            return { kind: "created", jobId: "clip-job" };
          },
        },
        clock,
      },
      control: { find: async () => ({ kind: "job", job: clip, paths: {} }) },
    });
    origin = `http://127.0.0.1:${app.server.port}`;
    const video = join(folder, "person.mp4");
    await makeClip(join(folder, "source.mkv"), 4);
    await run("ffmpeg", [
      "-v",
      "error",
      "-i",
      join(folder, "source.mkv"),
      "-c:v",
      "libx264",
      "-pix_fmt",
      "yuv420p",
      "-c:a",
      "aac",
      video,
    ]);
    await app.objects.write(
      { bucket: "output", key: "highlights/news/person.mp4" },
      { file: video },
      { contentType: "video/mp4" },
    );
    for (const [name, color] of [
      ["Person", "steelblue"],
      ["Cup", "sienna"],
      ["Dog", "seagreen"],
      ["Ann", "purple"],
      ["poster", "navy"],
    ]) {
      const image = join(folder, `${name}.jpg`);
      await run("ffmpeg", [
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        `color=${color}:s=320x180`,
        "-frames:v",
        "1",
        "-update",
        "1",
        image,
      ]);
      const key = name === "poster" ? "highlights/news/person.jpg" : `archive/news/frames/${name}.jpg`;
      await app.objects.write({ bucket: "output", key }, { file: image }, { contentType: "image/jpeg" });
    }
  });
  after(async () => {
    await browser?.close();
    await app?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (
    path: string,
    options: BrowserContextOptions = {},
  ): Promise<{ readonly page: Page; readonly failures: readonly string[] }> => {
    const page = await (await browser.newContext(options)).newPage();
    const failures: string[] = [];
    page.on("pageerror", (error) => failures.push(error.message));
    page.on("console", (message) => {
      if (/Content Security Policy/i.test(message.text())) failures.push(message.text());
    });
    await page.goto(`${origin}${path}`);
    return { page, failures };
  };
  const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

  it("begin empty, and show without a reload what a run finds, until a clip plays in place", async () => {
    const { page, failures } = await open("/");
    await page.getByRole("link", { name: "Highlights" }).click();
    await page.getByText("Not watched yet", { exact: true }).waitFor();
    await section(page, "Labels").getByText("No labels yet.").waitFor();
    await section(page, "Clips").getByText("No clips yet.").waitFor();
    await section(page, "On now").getByText("None of the labels to clip is on now: Person, Cup.").waitFor();
    // A live region is announced only if it exists before its text.
    const announcement = section(page, "On now").getByRole("status");
    expect(await announcement.textContent()).to.equal("");
    await expectAccessible(page);
    await page.evaluate("window.marker = 'same document'");

    await watcher.watch();
    await page.getByText("Live", { exact: true }).waitFor();
    await watcher.see("Dog");
    await watcher.see("Person");
    await watcher.see("Ann", "celebrity", ["www.example.org/ann"]);
    const end = await watcher.start("Person", "person-1");
    await watcher.watch();
    const now = section(page, "On now");
    await now.getByText("Person", { exact: true }).waitFor();
    await now.locator("img[src*='Person.jpg']").waitFor();
    expect(await announcement.textContent()).to.equal("On now: Person");
    await section(page, "Labels")
      .getByText(/^1 frame · /)
      .first()
      .waitFor();
    await section(page, "Celebrities").getByRole("link", { name: "Ann" }).waitFor();
    await page.getByText("3 of 200").waitFor();
    await page.getByText("$0.006 of $10.00").waitFor();
    await section(page, "Clips").getByText("On now").waitFor();
    await expectAccessible(page);

    await watcher.watch();
    await end({});
    await now.getByText("None of the labels").waitFor();
    const clips = section(page, "Clips");
    await clips.getByText("Clip follows").waitFor();
    await store.putAppearance({ ...(await readAppearance("person-1")), clipJobId: "clip-job" }, 2);
    await clips.getByRole("link", { name: /^Play Person/ }).click();
    await page.waitForURL("**/highlights?channel=news&clip=clip-job");
    const video = page.locator("video");
    // A source that is set just after `play` would interrupt it.
    await page.locator("video[src]").waitFor();
    // The page's policy allows no evaluation of strings, which waitForFunction needs.
    await page.evaluate(`new Promise((resolve, reject) => {
      const video = document.querySelector("video");
      video.addEventListener("timeupdate", () => video.currentTime > 0.5 && resolve());
      video.addEventListener("error", () => reject(video.error));
      video.play().catch(reject);
    })`);
    const download = clips.getByRole("link", { name: /^Download Person/ });
    expect(await download.getAttribute("download")).to.match(/^Person .*\.mp4$/);
    expect(await download.getAttribute("href")).to.include("highlights/news/person.mp4");
    await expectAccessible(page);
    await page.getByRole("link", { name: "Close" }).click();
    await video.waitFor({ state: "detached" });
    expect(await page.evaluate("document.activeElement.textContent")).to.match(/^Play Person at /);
    expect(await page.evaluate("window.marker")).to.equal("same document");
    expect(failures).to.deep.equal([]);
  });

  const readAppearance = async (id: string): Promise<Appearance> => {
    const stored = await store.readAppearance("news", id);
    if (stored === undefined) throw new Error(`${id} does not exist.`);
    const { revision: _, ...appearance } = stored;
    return appearance;
  };

  it("filter the clips by label in the address, also for back and forward", async () => {
    const end = await watcher.start("Cup", "cup-1");
    await watcher.watch();
    await end({ clip: { kind: "refused", reason: "The archived segments have expired." } });
    const { page, failures } = await open("/highlights");
    const clips = section(page, "Clips");
    const titles = clips.getByRole("heading", { level: 3 });
    await clips.getByText("The archived segments have expired.").waitFor();
    expect(await titles.allTextContents()).to.deep.equal(["Cup", "Person"]);

    await clips.getByRole("combobox", { name: "Label" }).selectOption("Person");
    await page.waitForURL("**/highlights?channel=news&label=Person");
    await clips.getByText("Cup", { exact: true }).and(titles).waitFor({ state: "detached" });
    await page.reload();
    await titles.waitFor();
    expect(await titles.allTextContents()).to.deep.equal(["Person"]);
    await page.goBack();
    await clips.getByText("The archived segments have expired.").waitFor();
    await section(page, "Labels").getByRole("link", { name: "Person" }).click();
    await page.waitForURL("**/highlights?channel=news&label=Person");
    await page.getByRole("link", { name: "sport" }).click();
    await page.getByText("None of the labels to clip is on now: A ball of one").waitFor();
    expect(await section(page, "Celebrities").count()).to.equal(0);
    expect(failures).to.deep.equal([]);
  });

  it("leave the clips where they are while the user points at them, until new ones are to be shown", async () => {
    const { page, failures } = await open("/highlights?channel=news");
    const clips = section(page, "Clips");
    const play = clips.getByRole("link", { name: /^Play Person/ });
    await play.hover();
    const before = await play.boundingBox();
    const end = await watcher.start("Person", "person-2");
    await watcher.watch();
    const show = clips.getByRole("button", { name: "Show 1 new clip" });
    await show.waitFor();
    await section(page, "On now").getByText("Person", { exact: true }).waitFor();
    expect(await clips.getByRole("status").textContent()).to.equal("1 new clip");
    expect(await play.boundingBox()).to.deep.equal(before);
    await expectAccessible(page);
    await end({ clip: { kind: "refused", reason: "The archived segments have expired." } });
    await show.click();
    await show.waitFor({ state: "detached" });
    expect(await clips.getByRole("heading", { level: 3 }).allTextContents()).to.deep.equal([
      "Person",
      "Cup",
      "Person",
    ]);
    expect(await page.evaluate("document.activeElement.id")).to.equal("highlights-clips");
    expect(failures).to.deep.equal([]);
  });

  it("show on its card that a clip is requested again, when and why, and which edges are not exact", async () => {
    const end = await watcher.start("Person", "person-3");
    const { page, failures } = await open("/highlights?channel=news");
    const onNow = section(page, "On now");
    await onNow.getByText("Person", { exact: true }).waitFor();
    expect(await onNow.getByText("or earlier").count()).to.equal(0);
    await watcher.watch();
    const notBefore = Math.floor(Date.now() / 1000) + 3600;
    await end({
      inexactEdges: ["start", "end"],
      clipRetry: { failures: 2, notBefore, reason: "Delta responded with 503.", isTransient: true },
    });

    const clips = section(page, "Clips");
    const card = clips.getByRole("listitem").filter({ hasText: "Delta responded with 503." });
    await card.waitFor();
    expect(await card.getByText("Clip follows").count()).to.equal(1);
    expect(await card.getByText("May begin earlier and end later.").count()).to.equal(1);
    const time = card.locator(`time[datetime="${new Date(notBefore * 1000).toISOString()}"]`);
    expect(await time.count()).to.equal(1);
    expect(await card.textContent()).to.include("Requested again at ");
    await expectAccessible(page);

    const { clipRetry: _, ...retried } = await readAppearance("person-3");
    await store.putAppearance({ ...retried, inexactEdges: ["start"], clip: { kind: "accepted" } }, 2);
    await clips.getByText("Made by another system").waitFor();
    expect(await clips.getByText("May begin earlier.", { exact: true }).count()).to.equal(1);
    expect(await card.count()).to.equal(0);
    expect(failures).to.deep.equal([]);
  });

  it("are read by one request, and by none in a tab in the background", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.clock.install();
    const paths: string[] = [];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith("/channels")) paths.push(pathname);
    });
    await page.goto(`${origin}/highlights?channel=news`);
    await page.getByText("Live", { exact: true }).waitFor();
    await section(page, "Labels").getByText("Dog").waitFor();
    const next = page.waitForResponse("**/channels/news/highlights*");
    await page.clock.runFor(2500);
    expect((await next).status()).to.be.oneOf([200, 304]);
    expect(paths).to.deep.equal(["/channels", "/channels/news/highlights", "/channels/news/highlights"]);

    const setVisibility = (state: "hidden" | "visible") =>
      page.evaluate(`{
        Object.defineProperty(document, "visibilityState", { configurable: true, value: "${state}" });
        document.dispatchEvent(new Event("visibilitychange"));
      }`);
    await setVisibility("hidden");
    await page.clock.runFor(600_000);
    // A timer may have been due before the tab was hidden.
    paths.length = 0;
    await page.clock.runFor(600_000);
    expect(paths).to.deep.equal([]);
    const request = page.waitForRequest("**/channels/news/highlights*");
    await setVisibility("visible");
    await request;
    await context.close();
  });

  it("pause and resume a channel, by the keyboard too, and say so in another tab", async () => {
    const { page, failures } = await open("/highlights?channel=news");
    const other = await open("/highlights?channel=news");
    await other.page.getByRole("button", { name: "Pause news" }).waitFor();
    await page.getByRole("button", { name: "Pause news" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Paused", { exact: true }).waitFor();
    expect((await store.readChannel("news")).paused).to.equal(true);
    await other.page.getByText("Nothing is archived or found until you resume it.").waitFor();
    await page.getByRole("button", { name: "Resume news" }).press("Space");
    await page.getByText("Live", { exact: true }).waitFor();
    expect((await store.readChannel("news")).paused).to.equal(false);
    expect([...failures, ...other.failures]).to.deep.equal([]);
  });

  it("say what a channel's states mean and what to do", async () => {
    const { page } = await open("/highlights?channel=news");
    for (const [name, message, texts] of [
      ["stalled", "The playlist has had no new segment.", ["Stalled", "Check the encoder"]],
      ["capped", "The cap maxDetectionsPerHour is reached.", ["Cap reached", "raise the cap"]],
      ["error", "The manifest returned status 403.", ["Error", "The manifest returned status 403."]],
      ["ended", "The playlist has ended.", ["Ended", "The playlist has ended."]],
    ] as const) {
      await watcher.watch({ name, message });
      for (const text of texts) await page.getByText(text).first().waitFor({ timeout: 20_000 });
    }
    await expectAccessible(page);
    await watcher.watch();
  });

  it("make a clip of a time range by hand", async () => {
    const { page, failures } = await open("/highlights?channel=news");
    await page.getByText("Clip by hand").click();
    const from = page.getByLabel("From", { exact: true });
    const limits = [
      await from.getAttribute("min"),
      await page.getByLabel("To", { exact: true }).inputValue(),
    ];
    expect(limits[0]).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    await page.getByRole("button", { name: "Create clip" }).click();
    await page.getByRole("link", { name: "Open the clip" }).waitFor();
    expect(clipRequests).to.have.length(1);
    const [request] = clipRequests;
    const [start, end] = [await from.inputValue(), limits[1] ?? ""].map((text) => Date.parse(text) / 1000);
    expect([request?.startTime, request?.endTime]).to.deep.equal([start, end]);
    await page.getByLabel("To", { exact: true }).fill((await from.inputValue()).replace(/^\d{4}/, "2020"));
    expect(
      await page
        .getByLabel("To", { exact: true })
        .evaluate((input: { validity: { valid: boolean } }) => input.validity.valid),
    ).to.equal(false);
    expect(failures).to.deep.equal([]);
  });

  for (const colorScheme of ["light", "dark"] as const)
    it(`fit into 320 px, ${colorScheme}`, async () => {
      const { page } = await open("/highlights?channel=news&clip=clip-job", {
        viewport: { width: 320, height: 700 },
        colorScheme,
      });
      await page.locator("video").waitFor();
      await page.getByText("Clip by hand").click();
      await section(page, "Labels").getByText("Dog").waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth")).to.equal(320);
      await expectAccessible(page);
      await page.goto(`${origin}/highlights?channel=sport`);
      const box = await page.getByRole("combobox", { name: "Label" }).boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0)).to.be.most(320);
      expect(await page.evaluate("document.documentElement.scrollWidth")).to.equal(320);
    });

  it("keep working after the connection was lost", async () => {
    const { page } = await open("/highlights?channel=news");
    await page.getByText("Live", { exact: true }).waitFor();
    await page.route("**/channels**", (route) => route.abort());
    await page.getByText("The server cannot be reached").first().waitFor();
    await page.unroute("**/channels**");
    await page
      .getByText("The server cannot be reached")
      .first()
      .waitFor({ state: "detached", timeout: 40_000 });
  });
});
