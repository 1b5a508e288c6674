import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import * as z from "zod";

const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
const reportSchema = z.looseObject({
  diagnostics: z.array(
    z.looseObject({ category: z.string(), location: z.looseObject({ path: z.string() }) }),
  ),
});

/** How a file may ask for the provider's 2,000 modules, or for CDKTF past its alias. */
const banned = [
  'import { SqsQueue } from "@cdktf/provider-aws";\nconsole.log(SqsQueue);\n',
  'import { sqsQueue } from "@cdktf/provider-aws/lib/index.js";\nconsole.log(sqsQueue);\n',
  'import { sqsQueue } from "@cdktf/provider-aws/lib";\nconsole.log(sqsQueue);\n',
  'import * as aws from "@cdktf/provider-aws";\nconsole.log(aws);\n',
  'import "@cdktf/provider-aws";\n',
  'export { sqsQueue } from "@cdktf/provider-aws";\n',
  'console.log(await import("@cdktf/provider-aws"));\n',
  'import { createRequire } from "node:module";\n\nconst require = createRequire(import.meta.url);\nconsole.log(require("@cdktf/provider-aws"));\n',
  'import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";\nconsole.log(SqsQueue);\n',
  'import { App } from "cdktf";\nconsole.log(App);\n',
  'import { App } from "cdktf/lib/app.js";\nconsole.log(App);\n',
  'import { App } from "cdktn";\nconsole.log(App);\n',
];
const allowed =
  'import { SqsQueue } from "#aws/sqs-queue";\nimport { App } from "#cdktf";\n\nconsole.log(App, SqsQueue);\n';

describe("lint rules for imports", () => {
  let folder: string;
  /** By file name, the lint rules that the file breaks. */
  const broken = new Map<string, string[]>();
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-lint-"));
    const rules = z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile("biome.json", "utf8")));
    // The folder is no repository; all else is what `npm run lint` goes by.
    await writeFile(join(folder, "biome.json"), JSON.stringify({ ...rules, vcs: { enabled: false } }));
    await Promise.all(
      [allowed, ...banned].map((text, index) => writeFile(join(folder, `case-${index}.ts`), text)),
    );
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [biome, "lint", "--colors=off", "--reporter=json", "--error-on-warnings", "."],
      { cwd: folder },
    ).catch((failed: { stdout: string }) => failed);
    for (const { category, location } of reportSchema.parse(JSON.parse(stdout)).diagnostics)
      broken.set(location.path, [...(broken.get(location.path) ?? []), category]);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("allow a resource's own module and CDKTF's alias", () => {
    expect(broken.get("case-0.ts")).to.equal(undefined);
  });

  it("reject the provider's barrel and imports around the aliases, in any form", () => {
    const notRejected = banned.filter(
      (_, index) => !broken.get(`case-${index + 1}.ts`)?.includes("lint/style/noRestrictedImports"),
    );

    expect(notRejected).to.deep.equal([]);
  });
});
