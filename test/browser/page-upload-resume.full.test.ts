import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { pollUntil } from "../e2e/program.ts";
import { expectAccessible, openPageSite, type PageSite } from "./page-site.ts";
import { chooseFiles, isStored, rowOf, waitForStatus, watchParts, writeJunk } from "./upload-page.ts";

const MiB = 2 ** 20;

/** Expression: whether the browser has stored the multipart upload of the first file, and the content of as many files. */
const isKept = (keptFiles: number) => `new Promise((resolve) => {
  const opening = indexedDB.open("uppy-blobs");
  opening.onsuccess = () => {
    const database = opening.result;
    const transaction = database.transaction(["metadata", "files"]);
    const metadata = transaction.objectStore("metadata").getAll();
    const count = transaction.objectStore("files").count();
    transaction.oncomplete = () => {
      database.close();
      resolve(metadata.result.some((one) => one.metadata.includes('"uploadId"')) && count.result === ${keptFiles});
    };
  };
})`;

const waitUntilKept = (page: Page, keptFiles: number) =>
  pollUntil(async () => (await page.evaluate(isKept(keptFiles))) || undefined);

/** Dialogs of a page that warn before it is left. They are accepted. */
const watchWarnings = (page: Page): readonly string[] => {
  const types: string[] = [];
  page.on("dialog", (dialog) => {
    types.push(dialog.type());
    void dialog.accept();
  });
  return types;
};

describe("an interrupted upload", function () {
  this.timeout(180_000);
  let site: PageSite;
  let folder: string;
  const pathOf = (name: string) => join(folder, name);
  before(async () => {
    site = await openPageSite();
    folder = await mkdtemp(join(tmpdir(), "reelway-resume-"));
    await writeJunk(pathOf("medium.mkv"), 40 * MiB);
    await writeJunk(pathOf("large.mkv"), 70 * MiB);
    await writeJunk(pathOf("other.mkv"), 65 * MiB);
  });
  after(async () => {
    await site.close();
    await rm(folder, { recursive: true, force: true });
  });

  const openUpload = async (from = site) => {
    const tab = await from.open("/upload");
    await tab.page.getByRole("button", { name: "Choose files" }).waitFor();
    return { ...tab, parts: await watchParts(tab.page), warnings: watchWarnings(tab.page) };
  };
  const waitForEnd = async (page: Page, name: string) => {
    await waitForStatus(page, name, "Failed");
    await rowOf(page, name)
      .getByText(/is not media/)
      .waitFor();
  };

  it("moves its progress, and says how fast it is and how long it takes", async () => {
    const { page, failures } = await openUpload();
    const client = await page.context().newCDPSession(page);
    const conditions = { offline: false, latency: 0, downloadThroughput: -1 };
    await client.send("Network.enable");
    await client.send("Network.emulateNetworkConditions", { ...conditions, uploadThroughput: 8e6 });
    await writeJunk(pathOf("slow.mp4"), 15 * MiB);
    await chooseFiles(page, "Choose files", pathOf("slow.mp4"));
    const bar = rowOf(page, "slow.mp4").getByRole("progressbar", { name: "Upload of slow.mp4" });
    await rowOf(page, "slow.mp4")
      .getByText(/^[\d.]+ MB of 15\.7 MB · [\d.]+ MB\/s · .+ left$/)
      .waitFor();
    const first = Number(await bar.getAttribute("value"));
    await pollUntil(async () => Number(await bar.getAttribute("value")) > first || undefined);
    await page
      .getByRole("region", { name: "All uploads" })
      .getByText(/1 file · .* left/)
      .waitFor();
    await expectAccessible(page);
    await client.send("Network.emulateNetworkConditions", { ...conditions, uploadThroughput: -1 });
    await waitForEnd(page, "slow.mp4");
    expect(failures).to.deep.equal([]);
  });

  it("pauses, and goes on with the missing parts", async () => {
    const { page, failures, parts } = await openUpload();
    const isHeld = parts.holdFrom(2);
    await chooseFiles(page, "Choose files", pathOf("medium.mkv"));
    await isHeld;
    const [aborted] = await Promise.all([
      page.waitForEvent("requestfailed"),
      page.getByRole("button", { name: "Pause all" }).click(),
    ]);
    expect(aborted.method()).to.equal("PUT");
    await waitForStatus(page, "medium.mkv", "Paused");
    await expectAccessible(page);
    parts.release();
    await page.getByRole("button", { name: "Resume medium.mkv" }).click();
    await waitForEnd(page, "medium.mkv");
    expect(parts.stored).to.deep.equal([1, 2, 3]);
    expect(await isStored(site, "medium.mkv", pathOf("medium.mkv"))).to.equal(true);
    expect(failures).to.deep.equal([]);
  });

  it("goes on while the user opens other views", async () => {
    const { page, failures, parts } = await openUpload();
    const isHeld = parts.holdFrom(2);
    await writeJunk(pathOf("views.mkv"), 20 * MiB);
    await chooseFiles(page, "Choose files", pathOf("views.mkv"));
    await isHeld;
    await page.getByRole("link", { name: "Library" }).click();
    await page.getByRole("heading", { name: "Library" }).waitFor();
    const completed = page.waitForResponse(/\/complete\?/);
    parts.release();
    expect((await completed).status()).to.equal(200);
    await page.getByRole("link", { name: "Upload", exact: true }).click();
    await waitForEnd(page, "views.mkv");
    expect(parts.stored).to.deep.equal([1, 2]);
    expect(failures).to.deep.equal([]);
  });

  it("goes on by itself after a reload, if the browser keeps the file", async () => {
    const { page, failures, parts, warnings } = await openUpload();
    await page.getByRole("radio", { name: /thumbnails\// }).check();
    const isHeld = parts.holdFrom(2);
    await chooseFiles(page, "Choose files", pathOf("medium.mkv"));
    await isHeld;
    await waitUntilKept(page, 1);
    const isHeldAgain = parts.holdFrom(2);
    await page.reload();
    await isHeldAgain;
    await waitForStatus(page, "medium.mkv", "Uploading");
    parts.release();
    await waitForEnd(page, "medium.mkv");
    expect(parts.stored).to.deep.equal([1, 2, 3]);
    expect(warnings).to.deep.equal([]);
    expect(await isStored(site, "thumbnails/medium.mkv", pathOf("medium.mkv"))).to.equal(true);
    expect(failures).to.deep.equal([]);
  });

  it("goes on after a reload with the same large file, chosen again, and with no other", async () => {
    const { page, failures, parts, warnings } = await openUpload();
    const isHeld = parts.holdFrom(3);
    await chooseFiles(page, "Choose files", pathOf("large.mkv"));
    await isHeld;
    await waitUntilKept(page, 0);
    await page.reload();
    expect(warnings).to.deep.equal(["beforeunload"]);
    parts.release();
    await waitForStatus(page, "large.mkv", "File needed");
    await expectAccessible(page);
    const row = rowOf(page, "large.mkv");
    const again = row.getByRole("button", { name: "Choose file large.mkv" });
    await chooseFiles(page, again, pathOf("other.mkv"));
    await row.getByText(/This is another file: its name is .*other\.mkv/).waitFor();
    expect(parts.stored).to.deep.equal([1, 2]);
    await chooseFiles(page, again, pathOf("large.mkv"));
    await waitForEnd(page, "large.mkv");
    expect(parts.stored).to.deep.equal([1, 2, 3, 4, 5]);
    expect(await isStored(site, "large.mkv", pathOf("large.mkv"))).to.equal(true);
    await page.reload();
    await waitForEnd(page, "large.mkv");
    expect(warnings).to.deep.equal(["beforeunload"]);
    expect(failures).to.deep.equal([]);
  });

  it("waits while the browser is offline, and goes on by itself", async () => {
    const { page, failures, parts } = await openUpload();
    const isHeld = parts.holdFrom(2);
    await writeJunk(pathOf("offline.mkv"), 20 * MiB);
    await chooseFiles(page, "Choose files", pathOf("offline.mkv"));
    await isHeld;
    await page.context().setOffline(true);
    await page.getByRole("alert", { name: "Offline" }).waitFor();
    parts.release();
    await waitForStatus(page, "offline.mkv", "Waiting for the connection");
    await expectAccessible(page);
    await page.context().setOffline(false);
    await waitForEnd(page, "offline.mkv");
    expect(parts.stored).to.deep.equal([1, 2]);
    expect(failures).to.deep.equal([]);
  });

  it("waits while the server cannot be reached, and goes on by itself", async () => {
    const { page, failures, parts } = await openUpload();
    const isHeld = parts.holdFrom(2);
    await writeJunk(pathOf("unreachable.mkv"), 20 * MiB);
    await chooseFiles(page, "Choose files", pathOf("unreachable.mkv"));
    await isHeld;
    await page.route(/\/s3\//, (route) => route.abort("connectionrefused"));
    parts.release();
    await waitForStatus(page, "unreachable.mkv", "Waiting for the connection");
    await expectAccessible(page);
    await page.unroute(/\/s3\//);
    await waitForEnd(page, "unreachable.mkv");
    expect(parts.stored).to.deep.equal([1, 2]);
    expect(failures).to.deep.equal([]);
  });

  it("gives up only after transfers that failed, not after lost connections", async () => {
    const { page, failures } = await openUpload();
    await page.getByRole("radio", { name: /thumbnails\// }).check();
    let lostRequests = 0;
    await page.route(/\/s3\/params/, (route) => {
      lostRequests += 1;
      return route.abort("connectionrefused");
    });
    await writeJunk(pathOf("flaky.mkv"), 1000);
    await chooseFiles(page, "Choose files", pathOf("flaky.mkv"));
    const retryNow = page.getByRole("button", { name: "Retry now" });
    // Each attempt sends the request, and again to find out why it failed.
    await pollUntil(async () => {
      await retryNow.click();
      return lostRequests >= 10 || undefined;
    });
    let hasFailedTransfer = false;
    await page.route(/./, (route) => {
      const isTransfer = route.request().method() === "POST";
      if (!isTransfer || hasFailedTransfer) return route.fallback();
      hasFailedTransfer = true;
      return route.abort("connectionreset");
    });
    await page.unroute(/\/s3\/params/);
    await pollUntil(async () => {
      if (!hasFailedTransfer) await retryNow.click();
      return hasFailedTransfer || undefined;
    });
    await waitForStatus(page, "flaky.mkv", "Waiting for the connection");
    await retryNow.click();
    await waitForEnd(page, "flaky.mkv");
    expect(failures).to.deep.equal([]);
  });

  it("starts again if the server has removed it", async () => {
    const { page, failures, parts } = await openUpload();
    await page.getByRole("radio", { name: /thumbnails\// }).check();
    const isHeld = parts.holdFrom(2);
    await writeJunk(pathOf("expired.mkv"), 20 * MiB);
    const [created] = await Promise.all([
      page.waitForResponse(/\/s3\/multipart$/),
      chooseFiles(page, "Choose files", pathOf("expired.mkv")),
    ]);
    await isHeld;
    await page.getByRole("button", { name: "Pause expired.mkv" }).click();
    const { uploadId, key } = await created.json();
    const removal = `${site.origin}/s3/multipart/${uploadId}?${new URLSearchParams({ key })}`;
    expect((await fetch(removal, { method: "DELETE" })).status).to.equal(204);
    const isHeldAgain = parts.holdFrom(1);
    await page.getByRole("button", { name: "Resume expired.mkv" }).click();
    await isHeldAgain;
    await rowOf(page, "expired.mkv")
      .getByText(/It starts from the beginning/)
      .waitFor();
    parts.release();
    await waitForEnd(page, "expired.mkv");
    expect(parts.stored).to.deep.equal([1, 1, 2]);
    expect(failures).to.deep.equal([]);
  });
});
