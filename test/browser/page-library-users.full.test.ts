import { join } from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import { setUser } from "../../pipeline/access/accounts.ts";
import { drop, findCard, select, waitForStatus } from "./library-page.ts";
import { expectAccessible, openPageSite, type PageSite, type PageTab } from "./page-site.ts";

const password = "correct horse battery";

describe("the library with sign-in", function () {
  this.timeout(240_000);
  let site: PageSite;
  before(async () => {
    site = await openPageSite("--auth");
    const accounts = createFileAccountStore(join(site.data, "accounts"));
    for (const name of ["ann", "ben", "operator"])
      await accounts.update((current) =>
        setUser(current, { name, password, isOperator: name === "operator" }, new Date()),
      );
  });
  after(() => site?.close());

  const openAs = async (name: string): Promise<PageTab> => {
    const tab = await site.open("/?status=Error");
    await tab.page.getByLabel("Name").fill(name);
    await tab.page.getByLabel("Password").fill(password);
    await tab.page.getByRole("button", { name: "Sign in" }).click();
    await tab.page.waitForURL("**/?status=Error");
    return tab;
  };
  /** Uploads a file that is no media, as the user of a page. */
  const upload = (page: Page, name: string) =>
    page.evaluate(`(async () => {
      const query = new URLSearchParams({ filename: "${name}", type: "video/x-matroska" });
      const { url, fields } = await (await fetch("/s3/params?" + query)).json();
      const form = new FormData();
      for (const [field, value] of Object.entries(fields)) form.append(field, value);
      form.append("file", new Blob(["no media"]), "${name}");
      return (await fetch(url, { method: "POST", body: form })).status;
    })()`);

  it("opens the sign-in, returns to the filters, and shows each user only their own videos", async () => {
    const [ann, ben] = [await openAs("ann"), await openAs("ben")];
    expect(await upload(ann.page, "From Ann.mkv")).to.equal(204);
    expect(await upload(ben.page, "From Ben.mkv")).to.equal(204);
    await drop(site, "Dropped.mkv", { text: "no media" });
    await waitForStatus(ann.page, "From Ann", "Failed");
    await waitForStatus(ben.page, "From Ben", "Failed");
    await ann.page.getByText("1 video", { exact: true }).waitFor();
    await ben.page.getByText("1 video", { exact: true }).waitFor();
    await expectAccessible(ann.page);

    const operator = await openAs("operator");
    for (const title of ["From Ann", "From Ben", "Dropped"])
      await waitForStatus(operator.page, title, "Failed");
    expect([...ann.failures, ...ben.failures, ...operator.failures]).to.deep.equal([]);
  });

  it("lets a user delete only their own video", async () => {
    const { page, failures } = await openAs("ben");
    await select(page, "From Ben");
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("dialog").getByText("1 upload, 0 outputs, 8 B").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("Deleted 1 video.").waitFor();
    await page.getByRole("heading", { name: "No videos match" }).waitFor();

    const ann = await openAs("ann");
    await findCard(ann.page, "From Ann").waitFor();
    expect([...failures, ...ann.failures]).to.deep.equal([]);
  });

  it("signs out, after a question", async () => {
    const { page, failures } = await openAs("ann");
    await page.getByRole("link", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    expect((await page.request.get(`${site.origin}/session`)).status()).to.equal(401);
    expect(failures).to.deep.equal([]);
  });
});
