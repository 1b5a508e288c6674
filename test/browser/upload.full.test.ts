import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect } from "chai";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import * as z from "zod";
import { type ServedApp, serveApp } from "../runtime/server/serve-app.ts";
import { openBrowser } from "./browser.ts";

const largeBytes = 12 * 2 ** 20 + 5;
const smallBytes = 3 * 2 ** 20 + 5;
const resultSchema = z.object({
  successful: z.array(z.object({ uploadURL: z.string(), key: z.string() })),
  failed: z.array(z.string()),
});

/** Serves an application's page from its own origin. */
const servePage = async (script: string): Promise<{ server: Server; origin: string }> => {
  const server = createServer((_request, response) =>
    response
      .writeHead(200, { "content-type": "text/html; charset=utf-8" })
      .end(`<!doctype html><script>${script.replaceAll("</script", "<\\/script")}</script>`),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { server, origin: `http://127.0.0.1:${port}` };
};

describe("Uppy in a browser", function () {
  this.timeout(120_000);
  let browser: Browser;
  let app: ServedApp;
  let page: Page;
  let application: Awaited<ReturnType<typeof servePage>>;
  let endpoint: string;
  before(async () => {
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, "uppy.js")],
      bundle: true,
      format: "iife",
      write: false,
      logLevel: "error",
    });
    application = await servePage(outputFiles[0]?.text ?? "");
    browser = await openBrowser();
    app = await serveApp({ listen: { allowedOrigins: [application.origin] } });
    endpoint = `http://127.0.0.1:${app.server.port}`;
  });
  after(async () => {
    await browser.close();
    application.server.close();
    await app.close();
  });
  beforeEach(async () => {
    page = await browser.newPage();
    await page.goto(application.origin);
  });
  afterEach(() => page.close());

  const upload = async (name: string, fileBytes: number, action = "uppy.upload()") =>
    resultSchema.parse(
      await page.evaluate(`(async () => {
        const bytes = Uint8Array.from({ length: ${fileBytes} }, (_, index) => index % 251);
        globalThis.uppy ??= openUppy(${JSON.stringify(endpoint)});
        if (uppy.getFiles().length === 0)
          uppy.addFile({ name: ${JSON.stringify(name)}, type: "video/mp4", data: new Blob([bytes]), meta: { prefix: "films/" } });
        return describeResult(await ${action});
      })()`),
    );
  const expectStored = async (key: string, fileBytes: number) => {
    const bytes = Uint8Array.from({ length: fileBytes }, (_, index) => index % 251);
    const stored = await buffer(await app.objects.read({ bucket: "input", key }));
    expect((await app.objects.head({ bucket: "input", key }))?.contentType).to.equal("video/mp4");
    expect(createHash("md5").update(stored).digest("hex")).to.equal(
      createHash("md5").update(bytes).digest("hex"),
    );
  };

  it("uploads a file in parts from an allowed origin", async () => {
    const result = await upload("a ü.mp4", largeBytes);
    expect(result).to.deep.equal({
      successful: [{ uploadURL: `${endpoint}/input/films/a%20%C3%BC.mp4`, key: "films/a ü.mp4" }],
      failed: [],
    });
    await expectStored("films/a ü.mp4", largeBytes);
  });

  it("uploads a small file as a form", async () => {
    const requests: string[] = [];
    page.on("request", (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
    const result = await upload("small ü.mp4", smallBytes);
    expect(result).to.deep.equal({
      successful: [{ uploadURL: `${endpoint}/input/films/small%20%C3%BC.mp4`, key: "films/small ü.mp4" }],
      failed: [],
    });
    expect(requests).to.deep.equal(["GET /s3/params", "POST /input"]);
    await expectStored("films/small ü.mp4", smallBytes);
  });

  it("reports a form that the server refuses", async () => {
    await page.route(/\/s3\/params/, async (route) => {
      const response = await route.fetch();
      const { fields, ...signed } = (await response.json()) as { fields: Record<string, string> };
      const json = { ...signed, fields: { ...fields, key: "films/other.mp4" } };
      await route.fulfill({ response, json });
    });
    const result = await upload("refused.mp4", smallBytes);
    expect(result.successful).to.deep.equal([]);
    expect(result.failed).to.have.length(1);
    for (const key of ["films/refused.mp4", "films/other.mp4"])
      expect(await app.objects.head({ bucket: "input", key })).to.equal(undefined);
  });

  it("resumes after a broken connection with the parts that are missing", async () => {
    const sentParts: string[] = [];
    let isBroken = true;
    await page.route(/\/reelway\/uploads\//, async (route) => {
      if (route.request().method() !== "PUT") return route.continue();
      const number = new URL(route.request().url()).pathname.split("/").at(-1) ?? "";
      if (number === "2" && isBroken) return route.abort("connectionreset");
      sentParts.push(number);
      return route.continue();
    });
    const first = await upload("resumed.mp4", largeBytes);
    expect(first.successful).to.deep.equal([]);
    expect(first.failed).to.have.length(1);
    isBroken = false;
    const second = await upload("resumed.mp4", largeBytes, "uppy.retryAll()");
    expect(second.successful.map(({ key }) => key)).to.deep.equal(["films/resumed.mp4"]);
    expect(sentParts).to.deep.equal(["1", "2", "3"]);
    await expectStored("films/resumed.mp4", largeBytes);
  });
});
