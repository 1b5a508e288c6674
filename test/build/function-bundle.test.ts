import { cp, mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { createCache } from "../../build/cache.ts";
import { createFunctionBundler } from "../../build/function-bundle.ts";
import { createProject, type Project } from "./project.ts";

const failure = (promise: Promise<unknown>): Promise<string> => promise.then(() => "It worked.", String);

describe("createFunctionBundler", () => {
  let project: Project;
  beforeEach(async () => {
    project = await createProject();
  });
  afterEach(() => project.remove());
  const cachedFile = async (extension: string) =>
    (await readdir(project.cache).catch(() => [])).filter((name) => name.endsWith(extension));

  it("embeds the configuration for any characters", async () => {
    const configuration = JSON.stringify({
      quotes: "\"'`",
      dollars: "$& $1 $$",
      lines: "\n\u2028",
      é: "ü",
    });

    expect(await project.run(await project.bundle(configuration))).to.equal(`Hello ${configuration} one`);
  });

  it("reuses one bundle for any number of configurations", async () => {
    await project.waitUntilFresh();
    const bundler = createFunctionBundler(project);

    const [one, two] = await Promise.all([bundler.bundle("hello", "1"), bundler.bundle("hello", "2")]);

    expect(await project.run(one)).to.equal("Hello 1 one");
    expect(await project.run(two)).to.equal("Hello 2 one");
    expect(await cachedFile(".js")).to.have.length(1);
  });

  it("creates the same bytes in another folder and with other file times", async () => {
    const bundled = await project.bundle();
    const root = join(project.folder, "elsewhere", "by another name");
    await cp(project.root, root, { recursive: true });

    const again = await createFunctionBundler({ root, cache: join(project.folder, "other bundles") }).bundle(
      "hello",
      "{}",
    );

    expect(again).to.deep.equal(bundled);
  });

  describe("source map", () => {
    it("maps the minified program to the line that failed", async () => {
      const trace = await project.run(
        await project.bundle("a longer configuration than the one the map was made with"),
        "try { hello.fail() } catch (error) { console.log(error.stack) }",
      );

      expect(trace).to.match(/lambdas\/hello\/index\.ts:5:9/);
    });

    it("names files relative to the project and contains no source text", async () => {
      const { "index.js.map": map } = await project.bundle();

      const { sources, sourcesContent } = z
        .looseObject({ sources: z.array(z.string()), sourcesContent: z.unknown().optional() })
        .parse(JSON.parse(map.toString()));
      expect(sources).to.have.members(["lambdas/hello/index.ts", "node_modules/greetings/index.js"]);
      expect(sourcesContent).to.equal(undefined);
    });
  });

  describe("a cached bundle", () => {
    it("needs no esbuild and equals esbuild's output", async () => {
      const refused = await failure(project.bundleWithoutEsbuild());
      const { "index.js": bundled } = await project.bundle();

      expect(refused).to.match(/The service was stopped/);
      expect((await project.bundleWithoutEsbuild()).equals(bundled)).to.equal(true);
    });

    it("needs no esbuild after a checkout changed file times, and records those", async () => {
      const { "index.js": bundled } = await project.bundle();
      const later = new Date(1_700_000_000_000);
      await utimes(join(project.root, "lambdas/hello/mark.ts"), later, later);

      expect((await project.bundleWithoutEsbuild()).equals(bundled)).to.equal(true);
      const [entry] = await cachedFile(".json");
      expect(await readFile(join(project.cache, `${entry}`), "utf8")).to.include(`${later.getTime()}`);
    });

    const changes: Readonly<
      Record<string, readonly [change: (at: Project) => Promise<unknown>, output: string]>
    > = {
      "a file of the function": [
        ({ writeSource }) =>
          writeSource("lambdas/hello/mark.ts", 'export const mark = "twice";\n', new Date()),
        "Hello {} twice",
      ],
      "a file that kept its size and time": [
        ({ writeSource }) => writeSource("lambdas/hello/mark.ts", 'export const mark = "two";\n'),
        "Hello {} two",
      ],
      "a file of a package": [
        ({ writeSource }) => writeSource("node_modules/greetings/index.js", 'exports.greeting = "Howdy";\n'),
        "Howdy {} one",
      ],
      "which copy of a package is installed for the function": [
        async ({ writeSource }) => {
          await writeSource("lambdas/node_modules/greetings/package.json", '{"name":"greetings"}');
          await writeSource("lambdas/node_modules/greetings/index.js", 'exports.greeting = "Nearer";\n');
          await writeSource("node_modules/.package-lock.json", '{"lockfileVersion":3}');
        },
        "Nearer {} one",
      ],
    };
    for (const [title, [change, output]] of Object.entries(changes))
      it(`is rebuilt after a change: ${title}`, async () => {
        await project.bundle();
        await change(project);

        expect(await project.run(await project.bundle())).to.equal(output);
      });

    for (const extension of [".json", ".js", ".map"])
      it(`is rebuilt if its ${extension} file is damaged`, async () => {
        const bundled = await project.bundle();
        const [name] = await cachedFile(extension);
        const path = join(project.cache, `${name}`);
        const original = await readFile(path);
        await writeFile(path, original.subarray(1));

        expect(await project.bundle()).to.deep.equal(bundled);
        expect((await readFile(path)).equals(original)).to.equal(true);
      });

    it("is complete if two synths build it at once", async () => {
      const [one, two] = await Promise.all([project.bundle(), project.bundle()]);
      const names = await readdir(project.cache);

      expect(one).to.deep.equal(two);
      expect(names.map((name) => name.slice(name.lastIndexOf("."))).sort()).to.deep.equal([
        ".js",
        ".json",
        ".map",
      ]);
      const entry = createCache(project.cache).read(
        `${names.find((name) => name.endsWith(".json"))?.slice(0, -5)}`,
      );
      expect(Object.keys(entry?.outputs ?? {})).to.have.members(["index.js", "index.js.map"]);
    });
  });

  it("is not written for files that changed during the build", async () => {
    await project.writeSource(
      "lambdas/hello/mark.ts",
      'export const mark = "late";\n',
      new Date(Date.now() + 60_000),
    );

    expect(await project.run(await project.bundle())).to.equal("Hello {} late");
    expect(await cachedFile(".json")).to.deep.equal([]);
  });

  it("replaces the previous bundle", async () => {
    await project.bundle();
    await project.writeSource("lambdas/hello/mark.ts", 'export const mark = "newer";\n');
    await project.bundle();

    expect(await cachedFile(".js")).to.have.length(1);
    expect(await cachedFile(".map")).to.have.length(1);
  });

  it("names the folder if it cannot be written", async () => {
    await mkdir(project.folder, { recursive: true });
    await writeFile(project.cache, "a file where the folder should be");

    const refused = await failure(project.bundle());

    expect(refused).to.include(`${project.cache} is not writable: `);
  });

  it("names the file and line that esbuild rejects", async () => {
    await project.writeSource("lambdas/hello/mark.ts", "export const mark = ;\n");

    expect(await failure(project.bundle())).to.match(/lambdas\/hello\/mark\.ts:1:/);
  });
});
