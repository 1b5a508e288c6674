import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { loopClip, makeClip } from "../e2e/program.ts";
import { expectAccessible, openPageSite, type PageSite } from "./page-site.ts";
import {
  chooseFiles,
  dropPaths,
  isStored,
  rowOf,
  waitForStatus,
  watchParts,
  writeJunk,
} from "./upload-page.ts";

describe("the upload view", function () {
  this.timeout(180_000);
  let site: PageSite;
  let folder: string;
  const pathOf = (name: string) => join(folder, name);
  before(async () => {
    site = await openPageSite();
    folder = await mkdtemp(join(tmpdir(), "reelway-upload-"));
    await makeClip(pathOf("clip.mp4"), 1);
  });
  after(async () => {
    await site.close();
    await rm(folder, { recursive: true, force: true });
  });

  const openUpload = async (options?: Parameters<PageSite["open"]>[1]) => {
    const tab = await site.open("/upload", options);
    await tab.page.getByRole("button", { name: "Choose files" }).waitFor();
    return tab;
  };
  const junk = (name: string, bytes = 1000) => ({
    name,
    mimeType: "video/mp4",
    buffer: Buffer.alloc(bytes, 7),
  });

  it("lists the destinations of the stage, and what each accepts", async () => {
    const { page, failures } = await openUpload({ colorScheme: "dark" });
    expect(await page.getByRole("radio").count()).to.equal(5);
    await page.getByRole("radio", { name: /images\/.*Images in sizes for the web/ }).check();
    await page.getByText("Accepted: jpg, jpeg, png, webp, avif, gif, tif, tiff").waitFor();
    await expectAccessible(page);
    await page.reload();
    expect(await page.getByRole("radio", { name: /images\// }).isChecked()).to.equal(true);
    expect(failures).to.deep.equal([]);
  });

  it("uploads a dropped file, follows its job, and links to the video", async () => {
    const { page, failures } = await openUpload();
    await dropPaths(page, [pathOf("clip.mp4")]);
    const link = rowOf(page, "clip.mp4").getByRole("link", { name: "Watch clip.mp4" });
    await link.waitFor();
    await waitForStatus(page, "clip.mp4", "Complete");
    await expectAccessible(page);
    expect(await isStored(site, "clip.mp4", pathOf("clip.mp4"))).to.equal(true);

    await page.reload();
    await link.waitFor();
    expect(await link.getAttribute("href")).to.match(/^\/watch\/[a-z2-7]{52}$/);
    await page.getByRole("button", { name: "Remove clip.mp4" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Choose files" }).waitFor();
    expect(await page.getByRole("listitem").count()).to.equal(0);
    expect(failures).to.deep.equal([]);
  });

  it("polls the job where the server has no events", async () => {
    const { page, failures } = await openUpload();
    await page.route("**/jobs/*/events", (route) => route.fulfill({ status: 404 }));
    await chooseFiles(page, "Choose files", { ...junk("polled.mp4") });
    await waitForStatus(page, "polled.mp4", "Failed");
    expect(failures).to.deep.equal([]);
  });

  it("asks before it replaces an upload of the same name", async () => {
    const { page, failures } = await openUpload();
    await page.getByRole("radio", { name: /thumbnails\// }).check();
    const upload = () => chooseFiles(page, "Choose files", pathOf("clip.mp4"));
    await upload();
    await waitForStatus(page, "clip.mp4", "Complete");
    await page.getByRole("button", { name: "Clear uploaded" }).click();
    await upload();
    await waitForStatus(page, "clip.mp4", "Uploaded before");
    await expectAccessible(page);
    const [request] = await Promise.all([
      page.waitForRequest(/\/s3\/params/),
      page.getByRole("button", { name: "Replace clip.mp4" }).click(),
    ]);
    expect(new URL(request.url()).searchParams.get("metadata[prefix]")).to.equal("thumbnails/");
    await waitForStatus(page, "clip.mp4", "Complete");
    expect(failures).to.deep.equal([]);
  });

  it("keeps the structure of folders, dropped or chosen, without hidden and system files", async () => {
    await mkdir(pathOf("shoot/day 1"), { recursive: true });
    await writeFile(pathOf("shoot/day 1/take.mkv"), "no media");
    await writeFile(pathOf("shoot/day 1/Thumbs.db"), "x");
    await writeFile(pathOf("shoot/.DS_Store"), "x");
    await writeFile(pathOf("shoot/notes.txt"), "x");
    for (const add of ["drop", "choose"] as const) {
      const { page, failures } = await openUpload();
      await page.getByRole("radio", { name: /thumbnails\// }).check();
      await (add === "drop"
        ? dropPaths(page, [pathOf("shoot")])
        : chooseFiles(page, "Choose a folder", pathOf("shoot")));
      await rowOf(page, "take.mkv").getByText("thumbnails/shoot/day 1/").waitFor();
      const notice = page.getByRole("alert", { name: "Files that are not uploaded" });
      const text = (await notice.textContent()) ?? "";
      expect(text, add).to.include(
        "shoot/notes.txt: thumbnails/ does not accept .txt files. Accepted types: mp4,",
      );
      expect(text, add).to.match(/2 hidden or system files skipped: .*shoot\/day 1\/Thumbs\.db/);
      await waitForStatus(page, "take.mkv", "Failed");
      await expectAccessible(page);
      expect(
        await isStored(site, "thumbnails/shoot/day 1/take.mkv", pathOf("shoot/day 1/take.mkv")),
      ).to.equal(true);
      expect(failures).to.deep.equal([]);
      await page.context().close();
    }
  });

  it("refuses a file that no route accepts, an empty one, and one that is being sent", async () => {
    const { page, failures } = await openUpload();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(new URL(request.url()).pathname));
    await page.route(/\/s3\/params/, () => undefined);
    const isSigning = page.waitForRequest(/\/s3\/params/);
    await chooseFiles(page, "Choose files", [
      junk("same.mp4"),
      junk("same.mp4", 900),
      junk("empty.mp4", 0),
      junk("song.exe"),
    ]);
    const notice = page.getByRole("alert", { name: "Files that are not uploaded" });
    await notice.getByText("3 files were refused").waitFor();
    const texts = await notice.getByRole("listitem").allTextContents();
    expect(texts.map((text) => text.split(".").slice(0, 2).join("."))).to.deep.equal([
      "same.mp4: A file with this name is being sent",
      "empty.mp4: The file is empty",
      "song.exe: This destination does not accept ",
    ]);
    await isSigning;
    expect(requests.filter((path) => path.startsWith("/s3/"))).to.deep.equal(["/s3/params"]);
    await notice.getByRole("button", { name: "Dismiss" }).click();
    expect(await notice.count()).to.equal(0);
    expect(failures).to.deep.equal([]);
  });

  it("shows names as text, whatever they contain", async () => {
    const { page, failures } = await openUpload();
    const names = ["<img src=x onerror=hacked=1>.mp4", "\u202egnp.exe\u2066.mp4", "'\"&amp; {{1+1}}.mp4"];
    await chooseFiles(page, "Choose files", [...names.map((name) => junk(name)), junk("<b>.exe")]);
    for (const name of names) {
      await waitForStatus(page, name, "Failed");
      await rowOf(page, name)
        .getByRole("button", { name: `Remove ${name}`, exact: true })
        .waitFor();
    }
    expect(await page.locator("main img, main b").count()).to.equal(0);
    expect(await page.evaluate("typeof hacked")).to.equal("undefined");
    const isolated = await page.locator("bdi").allTextContents();
    for (const name of names) expect(isolated).to.include(name);
    await expectAccessible(page);
    expect(failures).to.deep.equal([]);
  });

  it("says why a job failed, and retries it after a question", async () => {
    const { page, failures } = await openUpload();
    await chooseFiles(page, "Choose files", junk("broken.mp4"));
    const row = rowOf(page, "broken.mp4");
    await row
      .getByText(
        /is not media that this route can process: .* export it in another format, and upload that\./,
      )
      .waitFor();
    await row.getByRole("button", { name: "Retry broken.mp4" }).click();
    await row.getByText(/^This error is permanent/).waitFor();
    await expectAccessible(page);
    await row.getByRole("button", { name: "Do not retry broken.mp4" }).press("Escape");
    expect(await row.getByText(/^This error is permanent/).count()).to.equal(0);
    await row.getByRole("button", { name: "Retry broken.mp4" }).click();
    const [response] = await Promise.all([
      page.waitForResponse(/\/jobs\/[a-z2-7]+\/retry$/),
      row.getByRole("button", { name: "Retry anyway broken.mp4" }).click(),
    ]);
    expect(response.request().postDataJSON()).to.deep.equal({ force: true });
    expect(await response.json()).to.deep.include({ attempt: 2 });
    await waitForStatus(page, "broken.mp4", "Failed");
    expect(failures).to.deep.equal([]);
  });

  it("cancels a job, and starts it again", async () => {
    await makeClip(pathOf("scene.mp4"), 10, "1280x720");
    await loopClip(pathOf("scene.mp4"), 15, pathOf("film.mkv"));
    const { page, failures } = await openUpload();
    // A busy server refuses the first event stream.
    let isBusy = true;
    await page.route("**/jobs/*/events", (route) => {
      const isRefused = isBusy;
      isBusy = false;
      return isRefused ? route.fulfill({ status: 503 }) : route.continue();
    });
    await chooseFiles(page, "Choose files", pathOf("film.mkv"));
    const row = rowOf(page, "film.mkv");
    await waitForStatus(page, "film.mkv", "In progress");
    await row.getByRole("progressbar", { name: "Job of film.mkv" }).waitFor();
    await row.getByText(/^Encoding renditions/).waitFor();
    await row.getByRole("button", { name: "Cancel job film.mkv" }).click();
    await waitForStatus(page, "film.mkv", "Canceled");
    await page.locator("li:focus").filter({ hasText: "film.mkv" }).waitFor();
    await Promise.all([
      page.waitForResponse((response) => response.url().endsWith("/events") && response.ok()),
      row.getByRole("button", { name: "Retry film.mkv" }).click(),
    ]);
    await row.getByText(/ · attempt 2 of \d$/).waitFor();
    await row.getByRole("button", { name: "Cancel job film.mkv" }).click();
    await waitForStatus(page, "film.mkv", "Canceled");
    expect(failures).to.deep.equal([]);
  });

  it("shows at most 100 of the files that are not sent, and counts the others", async () => {
    const { page, failures } = await openUpload();
    await page.route(/\/s3\/params/, () => undefined);
    const files = Array.from({ length: 130 }, (_, index) => junk(`take ${index}.mp4`));
    await chooseFiles(page, "Choose files", files);
    await page.getByText("and 30 more files", { exact: true }).waitFor();
    expect(await page.getByRole("listitem").count()).to.equal(100);
    await page.getByRole("button", { name: "Cancel take 50.mp4" }).click();
    await page.getByText("and 29 more files", { exact: true }).waitFor();
    await rowOf(page, "take 100.mp4").waitFor();
    await expectAccessible(page);
    expect(failures).to.deep.equal([]);
  });

  it("uploads where the browser blocks storage", async () => {
    const { page, failures } = await site.open("/");
    await page.addInitScript(`{
      const refuse = () => { throw new DOMException("Blocked", "SecurityError"); };
      IDBFactory.prototype.open = refuse;
      Object.defineProperty(window, "localStorage", { get: refuse });
    }`);
    await page.goto(`${site.origin}/upload`);
    await chooseFiles(page, "Choose files", { ...junk("blocked.mp4") });
    await waitForStatus(page, "blocked.mp4", "Failed");
    expect(failures).to.deep.equal([]);
  });

  it("can be used with the keyboard alone, and keeps the focus", async () => {
    await writeJunk(pathOf("keys.mp4"), 20 * 2 ** 20);
    const { page, failures } = await openUpload();
    const parts = await watchParts(page);
    const isHeld = parts.holdFrom(1);
    const focused = () =>
      page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent");
    const pressUntil = async (label: string) => {
      for (let count = 0; count < 30 && (await focused()) !== label; count += 1)
        await page.keyboard.press("Tab");
      expect(await focused()).to.equal(label);
    };
    const chooser = page.waitForEvent("filechooser");
    await pressUntil("Choose files");
    await page.keyboard.press("Enter");
    await (await chooser).setFiles(pathOf("keys.mp4"));
    await isHeld;
    await waitForStatus(page, "keys.mp4", "Uploading");
    await pressUntil("Pause keys.mp4");
    await page.keyboard.press("Enter");
    await waitForStatus(page, "keys.mp4", "Paused");
    expect(await focused()).to.equal("Resume keys.mp4");
    const isHeldAgain = parts.holdFrom(1);
    await page.keyboard.press("Enter");
    await isHeldAgain;
    await waitForStatus(page, "keys.mp4", "Uploading");
    await pressUntil("Cancel keys.mp4");
    const [request] = await Promise.all([
      page.waitForRequest((one) => one.method() === "DELETE" && /\/s3\/multipart\/./.test(one.url())),
      page.keyboard.press("Enter"),
    ]);
    expect((await request.response())?.status()).to.equal(204);
    expect(await focused()).to.equal("Choose files");
    await rowOf(page, "keys.mp4").waitFor({ state: "detached" });
    expect(failures).to.deep.equal([]);
  });
});
