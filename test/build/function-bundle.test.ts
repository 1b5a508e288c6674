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
  const kept = async (ending: string) =>
    (await readdir(project.cache).catch(() => [])).filter((name) => name.endsWith(ending));

  it("writes the configuration into the program, whatever characters it holds", async () => {
    const configuration = JSON.stringify({
      quotes: "\"'`",
      dollars: "$& $1 $$",
      lines: "\n\u2028",
      é: "ü",
    });

    expect(await project.run(await project.bundle(configuration))).to.equal(`Hello ${configuration} one`);
  });

  it("keeps one bundle for any number of configurations", async () => {
    await project.settle();
    const bundler = createFunctionBundler(project);

    const [one, two] = await Promise.all([bundler.bundle("hello", "1"), bundler.bundle("hello", "2")]);

    expect(await project.run(one)).to.equal("Hello 1 one");
    expect(await project.run(two)).to.equal("Hello 2 one");
    expect(await kept(".js")).to.have.length(1);
  });

  it("makes the same bytes in another folder, of files with other times", async () => {
    const made = await project.bundle();
    const root = join(project.folder, "elsewhere", "by another name");
    await cp(project.root, root, { recursive: true });

    const again = await createFunctionBundler({ root, cache: join(project.folder, "other bundles") }).bundle(
      "hello",
      "{}",
    );

    expect(again).to.deep.equal(made);
  });

  describe("source map", () => {
    it("leads from the minified program back to the line that failed", async () => {
      const trace = await project.run(
        await project.bundle("a longer configuration than the one the map was made with"),
        "try { hello.fail() } catch (error) { console.log(error.stack) }",
      );

      expect(trace).to.match(/lambdas\/hello\/index\.ts:5:9/);
    });

    it("names files below the project's folder and holds none of their text", async () => {
      const { "index.js.map": map } = await project.bundle();

      const { sources, sourcesContent } = z
        .looseObject({ sources: z.array(z.string()), sourcesContent: z.unknown().optional() })
        .parse(JSON.parse(map.toString()));
      expect(sources).to.have.members(["lambdas/hello/index.ts", "node_modules/greetings/index.js"]);
      expect(sourcesContent).to.equal(undefined);
    });
  });

  describe("a bundle that is kept", () => {
    it("needs no esbuild, and is what esbuild made", async () => {
      const refused = await failure(project.bundleWithoutEsbuild());
      const { "index.js": made } = await project.bundle();

      expect(refused).to.match(/The service was stopped/);
      expect((await project.bundleWithoutEsbuild()).equals(made)).to.equal(true);
    });

    it("needs none either after a checkout gave files new times, and notes those", async () => {
      const { "index.js": made } = await project.bundle();
      const later = new Date(1_700_000_000_000);
      await utimes(join(project.root, "lambdas/hello/mark.ts"), later, later);

      expect((await project.bundleWithoutEsbuild()).equals(made)).to.equal(true);
      const [entry] = await kept(".json");
      expect(await readFile(join(project.cache, `${entry}`), "utf8")).to.include(`${later.getTime()}`);
    });

    const changes: Readonly<
      Record<string, readonly [change: (at: Project) => Promise<unknown>, says: string]>
    > = {
      "a file of the function": [
        ({ write }) => write("lambdas/hello/mark.ts", 'export const mark = "twice";\n', new Date()),
        "Hello {} twice",
      ],
      "a file that kept its size and time": [
        ({ write }) => write("lambdas/hello/mark.ts", 'export const mark = "two";\n'),
        "Hello {} two",
      ],
      "a file of a package": [
        ({ write }) => write("node_modules/greetings/index.js", 'exports.greeting = "Howdy";\n'),
        "Howdy {} one",
      ],
      "which copy of a package is installed for the function": [
        async ({ write }) => {
          await write("lambdas/node_modules/greetings/package.json", '{"name":"greetings"}');
          await write("lambdas/node_modules/greetings/index.js", 'exports.greeting = "Nearer";\n');
          await write("node_modules/.package-lock.json", '{"lockfileVersion":3}');
        },
        "Nearer {} one",
      ],
    };
    for (const [what, [change, says]] of Object.entries(changes))
      it(`is made anew when there changed ${what}`, async () => {
        await project.bundle();
        await change(project);

        expect(await project.run(await project.bundle())).to.equal(says);
      });

    for (const ending of [".json", ".js", ".map"])
      it(`is made anew when its ${ending} file is damaged`, async () => {
        const made = await project.bundle();
        const [name] = await kept(ending);
        const path = join(project.cache, `${name}`);
        const whole = await readFile(path);
        await writeFile(path, whole.subarray(1));

        expect(await project.bundle()).to.deep.equal(made);
        expect((await readFile(path)).equals(whole)).to.equal(true);
      });

    it("is whole when two synths make it at once", async () => {
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

  it("keeps no bundle of files that were written while it was made", async () => {
    await project.write(
      "lambdas/hello/mark.ts",
      'export const mark = "late";\n',
      new Date(Date.now() + 60_000),
    );

    expect(await project.run(await project.bundle())).to.equal("Hello {} late");
    expect(await kept(".json")).to.deep.equal([]);
  });

  it("keeps nothing of the bundle before", async () => {
    await project.bundle();
    await project.write("lambdas/hello/mark.ts", 'export const mark = "newer";\n');
    await project.bundle();

    expect(await kept(".js")).to.have.length(1);
    expect(await kept(".map")).to.have.length(1);
  });

  it("names the folder it cannot write", async () => {
    await mkdir(project.folder, { recursive: true });
    await writeFile(project.cache, "a file where the folder should be");

    const refused = await failure(project.bundle());

    expect(refused).to.include(`${project.cache} is not writable: `);
  });

  it("says which file and line esbuild refuses", async () => {
    await project.write("lambdas/hello/mark.ts", "export const mark = ;\n");

    expect(await failure(project.bundle())).to.match(/lambdas\/hello\/mark\.ts:1:/);
  });
});
