import { expect } from "chai";
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
    await page.getByRole("link", { name: "Upload" }).click();
    await page.getByRole("alert").filter({ hasText: "This view cannot be shown" }).waitFor();
    expect(requests).to.have.length(2);
    await page.unroute(/\/assets\/upload-[^/]+\.js$/);
    await page.getByRole("button", { name: "Reload" }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
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
