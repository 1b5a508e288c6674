import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser } from "playwright-core";
import * as z from "zod";
import { bin } from "../e2e/program.ts";
import { openBrowser } from "./browser.ts";
import { expectAccessible } from "./page-site.ts";

const documentSchema = z.object({
  appearances: z.array(z.object({ clip: z.object({ durationSeconds: z.number() }) })),
});
/** How a clip was played, in the page. */
const playedSchema = z.object({ seconds: z.number(), duration: z.number() });

/** Collects what a process writes. */
const collectOutput = ({ stdout, stderr }: ChildProcess) => {
  let output = "";
  let errors = "";
  const waiting = new Set<() => void>();
  const notify = (): void => {
    for (const check of waiting) check();
  };
  stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    notify();
  });
  stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
    notify();
  });
  return {
    getOutput: () => output,
    getErrors: () => errors,
    /** Waits for a text in standard error. Returns its first group. */
    waitForError: (pattern: RegExp): Promise<string> =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = pattern.exec(errors)?.[1];
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
  };
};

describe("the highlights of the demo", function () {
  this.timeout(240_000);
  let folder: string;
  let browser: Browser;
  let demo: ChildProcess;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-highlights-demo-"));
    browser = await openBrowser();
  });
  after(async () => {
    if (demo?.exitCode === null) {
      demo.kill("SIGINT");
      await once(demo, "exit");
    }
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("appear in the page while the channel runs, and a clip plays to its end", async () => {
    demo = spawn(process.execPath, [bin, "highlights", "demo", "--json", "--serve"], {
      cwd: folder,
      env: { PATH: "/nonexistent", TMPDIR: tmpdir() },
    });
    const output = collectOutput(demo);
    const address = await Promise.race([
      output.waitForError(/^Page: +(http:\S+)/m),
      once(demo, "exit").then(() => expect.fail(output.getErrors())),
    ]);
    const page = await browser.newPage();
    const [failures, requestedPaths]: [string[], string[]] = [[], []];
    page.on("pageerror", (error) => failures.push(error.message));
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (/^\/channels/.test(pathname)) requestedPaths.push(pathname);
    });
    await page.goto(address);
    await page.evaluate("window.marker = 'same document'");
    const section = (name: string) => page.getByRole("region", { name, exact: true });
    const timeout = { timeout: 120_000 };

    const cards = section("Clips").getByRole("heading", { level: 3 });
    await page.getByText("Live", { exact: true }).waitFor(timeout);
    await cards.first().waitFor(timeout);
    await section("Labels").getByRole("link", { name: "Person" }).waitFor(timeout);
    await page.getByText("Ended", { exact: true }).waitFor(timeout);
    const plays = section("Clips").getByRole("link", { name: /^Play / });
    await plays.nth(3).waitFor(timeout);
    expect(await cards.allTextContents()).to.deep.equal(["Cup", "Person", "Cup", "Person"]);
    await expectAccessible(page);

    await plays.first().click();
    await page.locator("video").waitFor();
    const played = playedSchema.parse(
      await page.evaluate(`new Promise((resolve, reject) => {
        const video = document.querySelector("video");
        video.addEventListener("ended", () =>
          resolve({ seconds: video.currentTime, duration: video.duration }));
        video.addEventListener("error", () => reject(video.error));
        video.play().catch(reject);
      })`),
    );
    // It has printed its result.
    await output.waitForError(/^(Page: .*Ctrl\+C)/m);
    const closed = once(demo, "close");
    demo.kill("SIGINT");
    await closed;

    const { appearances } = documentSchema.parse(JSON.parse(output.getOutput()));
    const newest = appearances.at(-1)?.clip.durationSeconds ?? 0;
    expect(played.seconds).to.be.closeTo(played.duration, 0.05);
    expect(played.duration).to.be.closeTo(newest, 0.05);
    expect(await page.evaluate("window.marker")).to.equal("same document");
    expect([...new Set(requestedPaths)]).to.deep.equal(["/channels", "/channels/demo/highlights"]);
    expect(failures).to.deep.equal([]);
  });
});
