import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { renderPages } from "./pages.ts";

const pages = await renderPages();

describe("the generated pages", () => {
  for (const [path, text] of Object.entries(pages))
    it(`${path} matches its source`, async () => {
      const committed = await readFile(new URL(`../../${path}`, import.meta.url), "utf8").catch(() => "");
      expect(committed, `${path} is out of date: npm run docs`).to.equal(text);
    });
});
