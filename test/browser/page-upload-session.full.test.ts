import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { bin } from "../e2e/program.ts";
import { expectAccessible, openPageSite, type PageSite } from "./page-site.ts";
import { chooseFiles, waitForStatus, watchParts, writeJunk } from "./upload-page.ts";

const password = "correct horse battery";

describe("an upload whose session ends", function () {
  this.timeout(180_000);
  let site: PageSite;
  let folder: string;
  before(async () => {
    site = await openPageSite("--auth");
    folder = await mkdtemp(join(tmpdir(), "reelway-session-"));
    for (const name of ["ann", "ben"])
      execFileSync(process.execPath, [bin, "users", "add", name, "--data", site.data], {
        input: password,
        stdio: "pipe",
      });
  });
  after(async () => {
    await site.close();
    await rm(folder, { recursive: true, force: true });
  });

  const signIn = async (tab: Page, name: string) => {
    await tab.getByLabel("Name").fill(name);
    await tab.getByLabel("Password").fill(password);
    await tab.getByRole("button", { name: "Sign in" }).click();
  };
  /** Opens the page as a user, with a file of two parts whose first one is held back. */
  const startUpload = async (name: string, file: string) => {
    const { page, failures } = await site.open("/upload");
    await signIn(page, name);
    await page.waitForURL(`${site.origin}/upload`);
    const parts = await watchParts(page);
    const isHeld = parts.holdFrom(1);
    await writeJunk(join(folder, file), 20 * 2 ** 20);
    await chooseFiles(page, "Choose files", join(folder, file));
    await isHeld;
    return { page, failures, parts };
  };
  const notice = (page: Page) => page.getByRole("alert", { name: "Sign-in needed" });
  /** Follows the link of a notice to the sign-in, which opens another tab. */
  const signInAgain = async (page: Page, name: string) => {
    const [tab] = await Promise.all([
      page.context().waitForEvent("page"),
      page.getByRole("alert").getByRole("link", { name: "Sign in" }).click(),
    ]);
    await signIn(tab, name);
    await tab.waitForURL(`${site.origin}/`);
    await tab.close();
  };

  it("waits for the sign-in, and goes on", async () => {
    const { page, failures, parts } = await startUpload("ann", "film.mkv");
    await page.context().clearCookies();
    parts.release();
    await notice(page).waitFor();
    await waitForStatus(page, "film.mkv", "Waiting for your sign-in");
    await expectAccessible(page);
    await signInAgain(page, "ann");
    await waitForStatus(page, "film.mkv", "Failed");
    expect(parts.stored).to.deep.equal([1, 2]);
    expect(failures).to.deep.equal([]);
  });

  it("goes on if the session ends in another view, which stays open", async () => {
    const { page, failures, parts } = await startUpload("ann", "other-view.mkv");
    await page.getByRole("link", { name: "Library" }).click();
    await page.getByRole("heading", { name: "Library" }).waitFor();
    await page.context().clearCookies();
    // The library asks for its list.
    await page.getByRole("link", { name: "All jobs" }).click();
    await notice(page).waitFor();
    await page.getByText("Your session has ended. Sign in, then try again.").waitFor();
    await expectAccessible(page);
    expect(new URL(page.url()).pathname).to.equal("/");
    const isCompleted = page.waitForResponse(
      (response) => /\/complete\?/.test(response.url()) && response.ok(),
    );
    parts.release();
    await signInAgain(page, "ann");
    await isCompleted;
    await notice(page).waitFor({ state: "detached" });
    expect(parts.stored).to.deep.equal([1, 2]);
    expect(failures).to.deep.equal([]);
  });

  it("waits for its user while another one is signed in", async () => {
    const { page, failures, parts } = await startUpload("ann", "of-ann.mkv");
    await page.context().clearCookies();
    parts.release();
    await waitForStatus(page, "of-ann.mkv", "Waiting for your sign-in");
    const requests: string[] = [];
    page.on("request", (request) => requests.push(new URL(request.url()).pathname));
    await signInAgain(page, "ben");
    const otherUser = page.getByRole("alert", { name: "Another user is signed in" });
    await otherUser.getByText(/^Uploads wait for ann\./).waitFor();
    await expectAccessible(page);
    expect(requests.filter((path) => path.startsWith("/s3/"))).to.deep.equal([]);
    await signInAgain(page, "ann");
    await waitForStatus(page, "of-ann.mkv", "Failed");
    expect(await otherUser.count()).to.equal(0);
    expect(parts.stored).to.deep.equal([1, 2]);
    expect(failures).to.deep.equal([]);
  });
});
