import { access, readdir, readFile } from "node:fs/promises";
import { expect } from "chai";

const root = new URL("../../", import.meta.url);

/** Paths of tests in a page's code spans. */
const listTests = (page: string): readonly string[] =>
  [...page.matchAll(/`(test\/[\w./-]+\.ts)`/g)].map(([, path = ""]) => path);

describe("docs/verified.md", () => {
  let page: string;
  before(async () => {
    page = await readFile(new URL("docs/verified.md", root), "utf8");
  });

  it("names existing tests", async () => {
    const named = listTests(page);
    expect(named).to.have.length.above(50);
    const missing: string[] = [];
    for (const path of named) await access(new URL(path, root)).catch(() => missing.push(path));
    expect(missing).to.deep.equal([]);
  });

  it("names every test that needs more than Node", async () => {
    const named = new Set(listTests(page));
    const full = (await readdir(new URL("test/", root), { recursive: true }))
      .filter((name) => name.endsWith(".full.test.ts"))
      .map((name) => `test/${name}`);
    expect(full.filter((path) => !named.has(path))).to.deep.equal([]);
  });

  it("has a claim, a proof and a test in each table row", () => {
    const tables = page.split("## In a real account first")[0] ?? "";
    const lines = tables.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| Claim"));
    expect(lines).to.have.length.above(30);
    for (const line of lines) {
      const cells = line.split("|").slice(1, -1);
      expect(cells, line).to.have.length(3);
      expect(listTests(cells[2] ?? ""), line).not.to.have.length(0);
    }
  });

  it("names existing commands", async () => {
    const commands = new Set(
      (await readdir(new URL("cli/commands/", root))).map((name) => name.replace(/\.ts$/, "")),
    );
    const named = [...page.matchAll(/npx reelway ([a-z-]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !commands.has(name))).to.deep.equal([]);
  });
});
