import { expect } from "chai";
import { expectAccessible, openPageSite, type PageSite } from "./page-site.ts";

describe("the upload view", function () {
  this.timeout(120_000);
  let site: PageSite;
  before(async () => {
    site = await openPageSite();
  });
  after(() => site.close());

  it("probe", async () => {
    const { page, failures } = await site.open("/upload");
    page.on("console", (m) => console.log("console", m.text()));
    page.on("request", (r) => console.log(r.method(), r.url().slice(21, 120)));
    page.on("response", (r) => console.log(r.status(), r.url().slice(21, 120)));
    await page.getByRole("button", { name: "Choose files" }).waitFor();
    await page.screenshot({ path: "/tmp/upload-shots/empty.png", fullPage: true });
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose files" }).click();
    await (await chooser).setFiles([
      { name: "a.mp4", mimeType: "video/mp4", buffer: Buffer.alloc(1000, 1) },
      { name: "b.mkv", mimeType: "", buffer: Buffer.alloc(40 * 2 ** 20, 1) },
      { name: ".DS_Store", mimeType: "", buffer: Buffer.alloc(10, 1) },
      { name: "c.txt", mimeType: "", buffer: Buffer.alloc(10, 1) },
    ]);
    await page.getByText("Failed").nth(1).waitFor({ timeout: 20000 }).catch((e) => console.log(String(e)));
    await page.screenshot({ path: "/tmp/upload-shots/after.png", fullPage: true });
    await expectAccessible(page);
    expect(failures).to.deep.equal([]);
  });
});
