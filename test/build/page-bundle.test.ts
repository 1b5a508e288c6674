import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { collectStyleHashes } from "../../build/element-styles.ts";
import { packageDirectory } from "../../build/package-directory.ts";
import { bundlePage } from "../../build/page-bundle.ts";

const toSource = (style: string): string => `'sha256-${createHash("sha256").update(style).digest("base64")}'`;

describe("the bundle of the page", function () {
  this.timeout(60_000);
  let bundle: Awaited<ReturnType<typeof bundlePage>>;
  before(async () => {
    bundle = await bundlePage();
  });
  const getText = (path: string): string => bundle.files[path]?.toString() ?? "";
  const listAssets = (pattern: RegExp) => Object.keys(bundle.files).filter((path) => pattern.test(path));

  it("names assets by their content", async () => {
    for (const path of Object.keys(bundle.files))
      if (path !== "index.html")
        expect(path).to.match(/^assets\/[\w-]+-[0-9A-Za-z]{8,10}\.(js|css|svg|txt)$/);
    expect([...bundle.manifest.assets, "index.html"]).to.deep.equal(Object.keys(bundle.files).sort());
    expect(Object.keys((await bundlePage()).files)).to.deep.equal(Object.keys(bundle.files));
  });

  it("is started by an index.html that names existing files, without inline code", () => {
    const html = getText("index.html");
    const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path = ""]) => path);
    for (const path of named) expect(bundle.files, path).to.have.property(path);
    expect(named.filter((path) => basename(path).startsWith("main-"))).to.have.length(2);
    expect(html).to.not.match(/<style|style=|<script(?! type="module" src=)/);
    expect(html).to.include('content="CONTENT_SECURITY_POLICY"');
  });

  it("loads the player and hls.js only when they are needed", () => {
    const html = getText("index.html");
    const [player, hls] = [/\/player-/, /\/hls-/].map((pattern) =>
      listAssets(pattern).filter((path) => path.endsWith(".js")),
    );
    expect([player, hls].map((paths) => paths?.length)).to.deep.equal([1, 1]);
    for (const path of [...(player ?? []), ...(hls ?? [])]) expect(html).to.not.include(path);
  });

  it("weighs at most 120 KB compressed before the player", () => {
    const isPlayer = (path: string) => /\/(player|hls)-/.test(path);
    const bytes = listAssets(/\.(js|css|svg)$/)
      .filter((path) => !isPlayer(path))
      .map((path) => gzipSync(bundle.files[path] ?? "").length);
    expect(bytes.reduce((sum, size) => sum + size, 0)).to.be.within(30_000, 120_000);
  });

  it("has the licenses of the packages that it contains", () => {
    const [licenses = ""] = listAssets(/\/licenses-/);
    for (const name of ["preact", "@uppy/core", "hls.js", "media-chrome", "openapi-fetch"])
      expect(getText(licenses)).to.match(new RegExp(`^${name} [\\d.]+ \\((MIT|Apache-2.0)\\)$`, "m"));
    expect(getText("index.html")).to.include(`href="/${licenses}"`);
  });

  it("has the hash of every style block of the player's elements", async () => {
    const hashes = await collectStyleHashes(packageDirectory);
    expect(bundle.manifest.styleHashes).to.deep.equal(hashes);
    expect(hashes).to.deep.equal([...new Set(hashes)].sort());
    for (const hash of hashes) expect(hash).to.match(/^'sha256-[\w+/]{43}='$/);
    // Blocks without placeholders, as the package's sources have them.
    const folder = join(packageDirectory, "node_modules/media-chrome/dist");
    const elements = readFileSync(join(packageDirectory, "web/player/elements.ts"), "utf8");
    const used = [...elements.matchAll(/media-chrome\/dist\/(?:menu\/)?([\w-]+\.js)/g)].map(
      ([, file]) => file,
    );
    const literal = ["", "menu"]
      .flatMap((sub) => readdirSync(join(folder, sub)).map((file) => join(folder, sub, file)))
      .filter((path) => used.includes(basename(path)))
      .flatMap((path) => [...readFileSync(path, "utf8").matchAll(/<style>((?:[^$]|\$(?!\{))*?)<\/style>/g)])
      .map(([, style = ""]) => style);
    expect(literal.length).to.be.greaterThan(3);
    for (const style of literal) expect(hashes, style).to.include(toSource(style));
  });
});
