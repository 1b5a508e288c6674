import { expect } from "chai";
import { drop, makeSampleClip } from "./library-page.ts";
import { expectAccessible, openPageSite, type PageSite } from "./page-site.ts";

describe("the page", function () {
  this.timeout(120_000);
  let site: PageSite;
  before(async () => {
    site = await openPageSite();
  });
  after(() => site.close());

  for (const path of ["/", "/upload"])
    it(`opens ${path} without violations of its content security policy and of accessibility rules`, async () => {
      const { page, failures } = await site.open(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await expectAccessible(page);
      expect(failures).to.deep.equal([]);
    });

  it("says that a path does not exist, with status 404", async () => {
    const { page, failures } = await site.open("/");
    const response = await page.goto(`${site.origin}/no-such-path`);
    expect(response?.status()).to.equal(404);
    await page.getByRole("heading", { name: "This page does not exist" }).waitFor();
    await expectAccessible(page);
    expect(failures).to.deep.equal([]);
  });

  it("reloads once if a module is missing, and then says that the view cannot be shown", async () => {
    const { page } = await site.open("/");
    const requests: string[] = [];
    await page.route(/\/assets\/upload-[^/]+\.js$/, (route) => {
      requests.push(route.request().url());
      return route.fulfill({ status: 404, contentType: "text/plain", body: "" });
    });
    await page.getByRole("link", { name: "Upload", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "This view cannot be shown" }).waitFor();
    expect(requests).to.have.length(2);
    await page.unroute(/\/assets\/upload-[^/]+\.js$/);
    await page.getByRole("button", { name: "Reload" }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
  });

  it("says that a view cannot be shown where the browser blocks storage, and does not reload", async () => {
    const { page } = await site.open("/");
    await page.addInitScript(`Object.defineProperty(window, "sessionStorage", {
      get: () => { throw new DOMException("Blocked", "SecurityError"); },
    })`);
    await page.reload();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.route(/\/assets\/upload-[^/]+\.js$/, (route) => route.abort());
    await page.getByRole("link", { name: "Upload", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "This view cannot be shown" }).waitFor();
  });

  it("moves the focus into a view that a link opens, and not for a filter", async () => {
    const { page, failures } = await site.open("/");
    await page.getByRole("heading", { name: "Library" }).waitFor();
    expect(await page.locator("h1:focus").count()).to.equal(0);
    await page.getByRole("link", { name: "Upload", exact: true }).press("Enter");
    await page.locator("h1:focus").filter({ hasText: "Upload" }).waitFor();
    await page.goBack();
    await page.locator("h1:focus").filter({ hasText: "Library" }).waitFor();
    const status = page.getByRole("combobox", { name: "Status" });
    await status.focus();
    await status.selectOption("Failed");
    await page.waitForURL(/status=Error/);
    await page.getByRole("heading", { name: "No videos match" }).waitFor();
    expect(await page.locator("select:focus").count()).to.equal(1);
    expect(failures).to.deep.equal([]);
  });

  it("says that a response is not from the server", async () => {
    const { page, failures } = await site.open("/upload");
    await page.route(/\/videos\?/, (route) =>
      route.fulfill({ contentType: "text/html", body: "<h1>Sign in to the Wi-Fi</h1>" }),
    );
    await page.getByRole("link", { name: "Library" }).click();
    await page.getByRole("alert").filter({ hasText: "The response is not from Reelway" }).waitFor();
    expect(failures).to.deep.equal([]);
  });

  it("opens the only output of a job from the list of all jobs", async () => {
    await drop(site, "thumbnails/clip.mkv", { path: await makeSampleClip(site) });
    const { page } = await site.open("/?view=jobs");
    await page.getByRole("link", { name: "thumbnails/clip.mkv" }).click();
    await page.waitForURL(/\.(jpg|png)(\?|$)/);
    expect(await page.evaluate("document.contentType")).to.match(/^image\//);
  });

  it("answers programs with a problem for a path that does not exist", async () => {
    const response = await fetch(`${site.origin}/no-such-path`);
    expect(response.status).to.equal(404);
    expect(response.headers.get("content-type")).to.equal("application/problem+json");
  });

  it("names assets by their content, so that browsers keep them", async () => {
    const html = await (await fetch(site.origin)).text();
    const [, asset = ""] = /src="(\/assets\/main-[^"]+)"/.exec(html) ?? [];
    const response = await fetch(`${site.origin}${asset}`);
    expect(response.status).to.equal(200);
    expect(response.headers.get("cache-control")).to.equal("public, max-age=31536000, immutable");
    expect((await fetch(`${site.origin}/assets/../package.json`)).status).to.equal(404);
  });
});
