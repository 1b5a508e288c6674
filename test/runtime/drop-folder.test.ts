import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { cp, mkdir, mkdtemp, open, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import { watchDropFolder } from "../../runtime/drop-folder.ts";
import { collect } from "../contract/collect.ts";

describe("the drop folder", () => {
  let root: string;
  let input: string;
  let logged: { readonly message: string; readonly path?: unknown }[];
  let closers: (() => Promise<void>)[];
  let notify: () => void;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-drop-"));
    input = join(root, "input");
    logged = [];
    closers = [];
    notify = () => undefined;
    await mkdir(input);
    await mkdir(join(root, "uploads"));
  });
  afterEach(async () => {
    for (const close of closers) await close();
    await rm(root, { recursive: true, force: true });
  });

  const store = () => createLocalObjectStore({ directory: join(root, "objects"), onCreated: () => notify() });
  const log = (message: string, details?: Readonly<Record<string, unknown>>): void => {
    logged.push({ message, path: details?.path });
    notify();
  };
  const watch = async (
    objects: Pick<ReturnType<typeof store>, "head" | "writeByLink"> = store(),
    stabilitySeconds = 0.3,
  ) => {
    const drops = await watchDropFolder({
      directory: input,
      bucket: "input",
      objects,
      staging: join(root, "uploads"),
      importIndexPath: join(root, "import-index.json"),
      log: { info: log, warn: log, error: log },
      stabilitySeconds,
      retrySeconds: 0.05,
    });
    closers.push(() => drops.close());
    return drops;
  };
  /** Waits until a condition holds, checking it after each import or log line. */
  const waitUntil = async (isTrue: () => Promise<boolean> | boolean): Promise<void> => {
    for (;;) {
      const next = new Promise<void>((resolve) => {
        notify = resolve;
      });
      if (await isTrue()) return;
      await next;
    }
  };
  const listVersions = () => collect(store().listVersions("input", ""));
  const listKeys = async () => (await listVersions()).map(({ key }) => key);

  it("accepts unusual names, and folders with their path", async () => {
    await watch();
    const names = ["two\nlines.mp4", "u\u0308.mp4", "-rf.mp4", " a  b .mp4", "a%41+b?.mp4", "'\"$(x).mp4"];
    await mkdir(join(root, "made/below/-deep"), { recursive: true });
    for (const name of names) await writeFile(join(root, "made/below/-deep", name), name);
    await cp(join(root, "made"), join(input, "folder"), { recursive: true });
    await writeFile(join(input, ".hidden.mp4"), "x");
    await writeFile(join(input, "half.mp4.part"), "x");
    await waitUntil(async () => (await listKeys()).length === names.length);
    expect(await listKeys()).to.have.members(names.map((name) => `folder/below/-deep/${name}`));
    for (const name of names) {
      const body = await store().read({ bucket: "input", key: `folder/below/-deep/${name}` });
      expect(await text(body)).to.equal(name);
    }
  });

  it("imports a growing or preallocated file once, when it is complete", async () => {
    await watch(store(), 0.8);
    const growing = createWriteStream(join(input, "growing.mp4"));
    const full = await open(join(input, "full-length.mp4"), "w");
    await full.truncate(1000);
    const done = once(growing, "close");
    for (let piece = 0; piece < 10; piece += 1) {
      growing.write("0123456789");
      await full.write("x".repeat(100), piece * 100);
      await pause(100);
    }
    expect(await listKeys()).to.deep.equal([]);
    growing.end();
    await full.close();
    await done;
    await waitUntil(async () => (await listKeys()).length === 2);
    expect((await listVersions()).map(({ key, bytes }) => [key, bytes])).to.deep.equal([
      ["full-length.mp4", 1000],
      ["growing.mp4", 100],
    ]);
    expect(await text(await store().read({ bucket: "input", key: "full-length.mp4" }))).to.equal(
      "x".repeat(1000),
    );
  });

  it("waits for an empty file and reports it", async () => {
    await watch();
    await writeFile(join(input, "later.mp4"), "");
    await waitUntil(() => logged.some(({ message }) => message.includes("is empty")));
    expect(await listKeys()).to.deep.equal([]);
    await writeFile(join(input, "later.mp4"), "content");
    await waitUntil(async () => (await listKeys()).length === 1);
    expect((await listVersions()).map(({ bytes }) => bytes)).to.deep.equal([7]);
  });

  it("follows no symbolic link and reports each once", async () => {
    await mkdir(join(root, "outside"));
    await writeFile(join(root, "outside/secret.mp4"), "secret");
    await symlink(join(root, "outside/secret.mp4"), join(input, "file.mp4"));
    await symlink(join(root, "outside"), join(input, "folder"));
    await symlink(join(root, "nowhere.mp4"), join(input, "dangling.mp4"));
    await symlink(input, join(input, "loop"));
    await watch();
    await symlink("self.mp4", join(input, "self.mp4"));
    await writeFile(join(input, "real.mp4"), "real");
    const links = ["dangling.mp4", "file.mp4", "folder", "loop", "self.mp4"].map((name) => join(input, name));
    await waitUntil(async () => logged.length >= links.length && (await listKeys()).length > 0);
    expect(await listKeys()).to.deep.equal(["real.mp4"]);
    expect(logged.map(({ path }) => path)).to.have.members(links);
    for (const { message } of logged) expect(message).to.include("symbolic link");
  });

  it("watches a folder that is itself a link", async () => {
    await mkdir(join(root, "elsewhere"));
    await rm(input, { recursive: true });
    await symlink(join(root, "elsewhere"), input);
    await watch();
    await writeFile(join(root, "elsewhere/a.mp4"), "a");
    await waitUntil(async () => (await listKeys()).length === 1);
    expect(await listKeys()).to.deep.equal(["a.mp4"]);
  });

  it("imports nothing twice after restarts and crashes before the index was written", async () => {
    await writeFile(join(input, "a.mp4"), "a");
    const first = await watch();
    await waitUntil(async () => (await listKeys()).length === 1);
    await first.close();
    const importIndex = await readFile(join(root, "import-index.json"), "utf8");
    expect(Object.keys(JSON.parse(importIndex))).to.deep.equal(["a.mp4"]);
    for (const isIndexLost of [false, true]) {
      if (isIndexLost) await rm(join(root, "import-index.json"));
      const next = await watch();
      await writeFile(join(input, `after-${isIndexLost}.mp4`), "b");
      await waitUntil(async () => (await listKeys()).includes(`after-${isIndexLost}.mp4`));
      await next.close();
    }
    expect(await listKeys()).to.deep.equal(["a.mp4", "after-false.mp4", "after-true.mp4"]);
  });

  it("imports a file again that was changed or replaced while the runtime was stopped", async () => {
    await writeFile(join(input, "a.mp4"), "one");
    const first = await watch();
    await waitUntil(async () => (await listKeys()).length === 1);
    await writeFile(join(input, "a.mp4"), "two!");
    await waitUntil(async () => (await listKeys()).length === 2);
    await first.close();
    const { mtime } = await stat(join(input, "a.mp4"));
    await rm(join(input, "a.mp4"));
    await (await watch()).close();
    await writeFile(join(input, "a.mp4"), "two!");
    await utimes(join(input, "a.mp4"), mtime, mtime);
    await watch();
    await waitUntil(async () => (await listKeys()).length === 3);
    expect((await listVersions()).map(({ bytes }) => bytes)).to.deep.equal([4, 4, 3]);
  });

  it("retries a failed import with backoff, and imports others meanwhile", async () => {
    const objects = store();
    const attemptTimes: number[] = [];
    await watch({
      head: objects.head,
      writeByLink: async (reference, file, args) => {
        if (reference.key === "hard.mp4" && attemptTimes.push(performance.now()) < 4)
          throw new Error("disk full");
        return objects.writeByLink(reference, file, args);
      },
    });
    await writeFile(join(input, "hard.mp4"), "hard");
    await writeFile(join(input, "soft.mp4"), "soft");
    await waitUntil(async () => (await listKeys()).length === 2);
    expect(attemptTimes).to.have.length(4);
    expect(logged.map(({ message }) => /retrying in (\S+) s/.exec(message)?.[1])).to.deep.equal([
      "0.05",
      "0.1",
      "0.2",
    ]);
    expect(await listKeys()).to.deep.equal(["hard.mp4", "soft.mp4"]);
  });
});
