import { join } from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { loopClip } from "../e2e/program.ts";
import { drop, findCard, makeSampleClip, select, waitForStatus } from "./library-page.ts";
import { expectAccessible, openPageSite, type PageSite } from "./page-site.ts";

describe("actions on several videos of the library", function () {
  this.timeout(240_000);
  let site: PageSite;
  before(async () => {
    site = await openPageSite();
    const clip = await makeSampleClip(site);
    // Ten minutes, which take longer than the test.
    const long = join(site.data, "long.mkv");
    await loopClip(clip, 100, long);
    await drop(site, "Long one.mkv", { path: long });
    await drop(site, "Long two.mkv", { path: long });
    await drop(site, "Short.mkv", { text: "no media" });
  });
  after(() => site?.close());

  const act = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
  const waitForReport = async (page: Page, text: string) => {
    const report = page.getByRole("region", { name: "Result" });
    await report.getByText(text).waitFor();
    return report;
  };

  it("shows the progress while jobs run, cancels them, and retries them", async () => {
    const { page, failures } = await site.open("/");
    await page.getByRole("progressbar").first().waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: "All jobs" }).click();
    const row = page.getByRole("row").filter({ has: page.getByRole("progressbar") });
    const bar = await row.first().getByRole("progressbar").boundingBox();
    const cell = await row.first().getByRole("cell").filter({ hasText: "ladder" }).boundingBox();
    expect((bar?.x ?? 0) + (bar?.width ?? 0), "right end of the bar").to.be.at.most(cell?.x ?? 0);
    await page.getByRole("link", { name: "Videos", exact: true }).click();
    await select(page, "Long one", "Long two");
    await act(page, "Cancel jobs");
    const canceled = await waitForReport(page, "Canceled 2 videos.");
    await canceled.and(page.locator(":focus")).waitFor();
    await waitForStatus(page, "Long one", "Canceled");
    await waitForStatus(page, "Long two", "Canceled");

    await waitForStatus(page, "Short", "Failed");
    await select(page, "Short");
    await act(page, "Retry");
    const retried = await waitForReport(page, "Retried 2 videos.");
    await retried.getByText("Short: Short.mkv is not media").waitFor();
    await expectAccessible(page);
    const checkbox = page.getByRole("checkbox", { name: "Select Short" });
    await checkbox.uncheck();
    await page.getByText("2 videos selected").waitFor();
    await checkbox.and(page.locator(":focus")).waitFor();
    await page.getByRole("progressbar").first().waitFor();
    await act(page, "Retry anyway");
    await waitForReport(page, "Retried 1 video.");
    await act(page, "Close");
    expect(await page.evaluate("document.activeElement.id")).to.equal("library-title");
    expect(failures).to.deep.equal([]);
  });

  it("deletes by the keyboard alone, after it has said what will be removed", async () => {
    const { page, failures } = await site.open("/");
    await findCard(page, "Short").waitFor();
    await page.getByRole("searchbox").fill("Short");
    await page.waitForURL("**/?q=Short");
    await page.getByText("1 video", { exact: true }).waitFor();
    await page.getByRole("checkbox", { name: "Select Short" }).focus();
    await page.keyboard.press("Space");
    const button = page.getByRole("button", { name: "Delete", exact: true });
    const focusedButton = button.and(page.locator(":focus"));
    for (let presses = 0; (await focusedButton.count()) === 0; presses += 1) {
      expect(presses, "Tab reaches the button").to.be.lessThan(30);
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Delete Short?" });
    await dialog.getByText("1 upload, 0 outputs, 8 B").waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await findCard(page, "Short").waitFor();

    await focusedButton.waitFor();
    await page.keyboard.press("Enter");
    await dialog.getByText("1 upload, 0 outputs, 8 B").waitFor();
    const confirm = dialog.getByRole("button", { name: "Delete" });
    await confirm.focus();
    // As after 15 minutes. The server responds with another token.
    const expire = (url: string) => url.replace(/confirmation=.*/, "confirmation=expired");
    const pattern = /\/videos\/.*confirmation=/;
    await page.route(pattern, (route) => route.continue({ url: expire(route.request().url()) }), {
      times: 1,
    });
    await page.keyboard.press("Enter");
    const report = await waitForReport(page, "Deleted 1 video.");
    await page.getByRole("heading", { name: "No videos match" }).waitFor();
    await report.and(page.locator(":focus")).waitFor();
    await act(page, "Close");

    // The list without the filter does not have it either, before it is read again.
    await page.route("**/videos?*", (route) => route.abort());
    await page.goBack();
    await findCard(page, "Long one").waitFor();
    expect(await findCard(page, "Short").count()).to.equal(0);
    expect(failures).to.deep.equal([]);
  });

  it("reports what it could not delete, and deletes the others with their running jobs", async () => {
    const { page, failures } = await site.open("/");
    await select(page, "Long one", "Long two");
    await page.route(/\/videos\/.*confirmation=/, (route) => route.abort(), { times: 1 });
    await act(page, "Delete");
    const dialog = page.getByRole("dialog", { name: "Delete 2 videos?" });
    await dialog.getByText("2 uploads, 0 outputs").waitFor();
    await dialog.getByRole("button", { name: "Delete" }).click();
    const report = await waitForReport(page, "Deleted 1 video.");
    await report.getByText("Not done for 1 video:").waitFor();
    await report.getByText("The server cannot be reached").waitFor();
    await page.getByText("1 video selected").waitFor();

    await act(page, "Delete");
    await page.getByRole("dialog").getByText("1 upload, 0 outputs").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { name: "No videos yet" }).waitFor();
    expect(failures).to.deep.equal([]);
  });
});
