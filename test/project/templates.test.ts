import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import * as z from "zod";
import { packageDirectory } from "../../build/package-directory.ts";
import { projectPaths } from "../../project/plan-files.ts";
import { readTemplates, templatePaths } from "../../project/templates.ts";

const packSchema = z.tuple([z.object({ files: z.array(z.object({ path: z.string() })) })]);

describe("the templates of a project", () => {
  it("are in the package, under names that npm packs", async () => {
    const { stdout } = await promisify(execFile)("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: packageDirectory,
      maxBuffer: 2 ** 24,
    });
    const packed = new Set(packSchema.parse(JSON.parse(stdout))[0].files.map(({ path }) => path));
    const missing = projectPaths
      .map((path) => templatePaths[path] ?? path)
      .filter((path) => !packed.has(path));
    expect(missing).to.deep.equal([]);
  });

  it("ignore in git what this repository ignores, except what only its development writes", async () => {
    const { files } = await readTemplates();
    const own = await readFile(join(packageDirectory, ".gitignore"), "utf8");
    expect(files[".gitignore"]).to.equal(own.replace("coverage/\ndist/\nrelease/\n", ""));
  });
});
