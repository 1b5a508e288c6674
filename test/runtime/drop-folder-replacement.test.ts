import { chmod, link, mkdir, mkdtemp, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import { watchDropFolder } from "../../runtime/drop-folder.ts";
import { collect } from "../contract/collect.ts";

const importEntry = z.looseObject({ changedMs: z.number() });

describe("an imported file of the drop folder", () => {
  let root: string;
  let film: string;
  let closers: (() => Promise<void>)[];
  let notify: () => void;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-drop-"));
    film = join(root, "input/film.mp4");
    closers = [];
    notify = () => undefined;
    for (const name of ["input", "uploads", "elsewhere"]) await mkdir(join(root, name));
  });
  afterEach(async () => {
    for (const close of closers) await close();
    await rm(root, { recursive: true, force: true });
  });

  const objects = () =>
    createLocalObjectStore({ directory: join(root, "objects"), onCreated: () => notify() });
  const watch = async () => {
    const silent = () => undefined;
    const drops = await watchDropFolder({
      directory: join(root, "input"),
      bucket: "input",
      objects: objects(),
      staging: join(root, "uploads"),
      importIndexPath: join(root, "import-index.json"),
      log: { info: silent, warn: silent, error: silent },
      stabilitySeconds: 0.3,
    });
    closers.push(() => drops.close());
    return drops;
  };
  /** Resolves once the given number of versions of a key exists. */
  const waitForVersions = async (key: string, count: number) => {
    for (;;) {
      const next = new Promise<void>((resolve) => {
        notify = resolve;
      });
      const versions = (await collect(objects().listVersions("input", ""))).filter((one) => one.key === key);
      if (versions.length >= count) return versions;
      await next;
    }
  };
  /** Resolves once the index entry of the film has another inode change time than the given one. */
  const waitForIndexEntry = async (before: number | undefined): Promise<number> => {
    for (;;) {
      const text = await readFile(join(root, "import-index.json"), "utf8").catch(() => "{}");
      const { changedMs } = importEntry.partial().parse(JSON.parse(text)["film.mp4"] ?? {});
      if (changedMs !== undefined && changedMs !== before) return changedMs;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const drop = async (content: string) => {
    await writeFile(film, content);
    // Read after writing, as copy programs do: its access time is then not a sign of a change.
    const { atime, mtime } = await stat(film);
    await utimes(film, new Date(atime.getTime() + 60_000), mtime);
  };
  /** Replaces the film by a file of the same size and time. */
  const replace = async (content: string) => {
    const { atime, mtime, size } = await stat(film);
    expect(size).to.equal(Buffer.byteLength(content));
    const other = join(root, "elsewhere/other.mp4");
    await writeFile(other, content);
    await utimes(other, atime, mtime);
    await rename(other, film);
  };

  it("is imported again if one of the same size and time replaces it", async () => {
    await drop("first");
    await watch();
    await waitForVersions("film.mp4", 1);
    await waitForIndexEntry(undefined);
    await replace("other");
    await waitForVersions("film.mp4", 2);
  });

  it("is imported again if it was replaced while the runtime was stopped", async () => {
    await drop("first");
    const first = await watch();
    await waitForVersions("film.mp4", 1);
    await first.close();
    await replace("other");
    await watch();
    await waitForVersions("film.mp4", 2);
  });

  it("is not imported again after a new mode, a hard link or a copy of itself", async () => {
    await drop("first");
    await watch();
    await waitForVersions("film.mp4", 1);
    let changed = await waitForIndexEntry(undefined);
    for (const change of [
      () => chmod(film, 0o600),
      () => link(film, join(root, "elsewhere/link.mp4")),
      () => replace("first"),
    ]) {
      await change();
      changed = await waitForIndexEntry(changed);
    }
    expect(await waitForVersions("film.mp4", 1)).to.have.length(1);
  });
});
