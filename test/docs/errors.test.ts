import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { errorNames } from "../../pipeline/errors/job-error.ts";

describe("the page of error codes", () => {
  it("has one row for each code, with its name, and no others", async () => {
    const page = await readFile(new URL("../../docs/errors.md", import.meta.url), "utf8");
    const rows = [...page.matchAll(/^\| (\d+) \| (\w+) \| .+ \| .+ \|$/gm)].map(([, code, name]) => [
      code,
      name,
    ]);
    expect(rows).to.deep.equal(Object.entries(errorNames));
  });
});
