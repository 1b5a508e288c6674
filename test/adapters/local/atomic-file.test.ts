import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  createAtomically,
  removeAbandonedFiles,
  writeAtomically,
} from "../../../adapters/local/atomic-file.ts";
import { openJsonLines } from "../../../adapters/local/json-lines.ts";
import { createFileSecrets } from "../../../adapters/local/secrets.ts";
import { getSystemErrorCode } from "../../../adapters/local/system-error.ts";

describe("atomic files", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-atomic-"));
    path = join(folder, "file.json");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("replaces a file and its mode, and leaves no other file", async () => {
    await writeAtomically(path, "old");
    await writeAtomically(path, "new", { mode: 0o600, durable: false });
    expect([await readFile(path, "utf8"), (await stat(path)).mode & 0o777]).to.deep.equal(["new", 0o600]);
    expect(await readdir(folder)).to.deep.equal(["file.json"]);
  });

  it("creates a whole file once under concurrent writes", async () => {
    const created = await Promise.all(
      [1, 2, 3, 4, 5].map((one) => createAtomically(path, `${one}`.repeat(9))),
    );
    expect(created.filter(Boolean)).to.have.length(1);
    expect(await readFile(path, "utf8")).to.equal(`${created.indexOf(true) + 1}`.repeat(9));
    expect(await readdir(folder)).to.deep.equal(["file.json"]);
  });

  it("removes the temporary file if the rename fails", async () => {
    const failed = await writeAtomically(folder, "x", { temporaryFolder: folder }).catch(getSystemErrorCode);
    expect(failed).to.be.oneOf(["EISDIR", "ENOTEMPTY", "EEXIST"]);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("leaves the old or the new content if the writer is killed", async () => {
    const module = new URL("../../../adapters/local/atomic-file.ts", import.meta.url).href;
    const script = `const { writeAtomically } = await import(${JSON.stringify(module)});
      for (let n = 0; ; n += 1) { await writeAtomically(${JSON.stringify(path)}, JSON.stringify({ n, text: "x".repeat(100_000) })); if (n < 9) console.log(n); }`;
    for (let time = 0; time < 2; time += 1) {
      const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      child.kill("SIGKILL");
      await once(child, "exit");
      expect(JSON.parse(await readFile(path, "utf8")).text).to.have.length(100_000);
    }
  });

  it("removes files left by killed writers once no writer can be running", async () => {
    const leftoverPath = `${path}.00000000-0000-4000-8000-000000000000.part`;
    const fresh = `${path}.00000000-0000-4000-8000-000000000001.part`;
    for (const name of [leftoverPath, fresh, join(folder, "a film.part")]) await writeFile(name, "");
    for (const name of [leftoverPath, join(folder, "a film.part")]) await utimes(name, 0, 0);
    await removeAbandonedFiles(folder);
    expect((await readdir(folder)).sort()).to.deep.equal(["a film.part", fresh.slice(folder.length + 1)]);
    await removeAbandonedFiles(join(folder, "nowhere"));
  });

  it("writes the first key into an empty key file and leaves a broken one unchanged", async () => {
    await writeFile(path, "");
    const [key] = await (await createFileSecrets(path)).readTranscoderKeys();
    expect(JSON.parse(await readFile(path, "utf8"))).to.include({ accessKeyId: key?.accessKeyId });
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    await writeFile(path, '{"accessKeyId":');
    await createFileSecrets(path);
    expect(await readFile(path, "utf8")).to.equal('{"accessKeyId":');
  });
});

describe("a file of lines", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-lines-"));
    path = join(folder, "log.jsonl");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("ends a truncated line before it appends the next", async () => {
    await writeFile(path, '{"a":1}\n{"b":');
    const lines = openJsonLines(path);
    await Promise.all([lines.append('{"c":3}'), lines.append('{"d":4}')]);
    expect(await readFile(path, "utf8")).to.equal('{"a":1}\n{"b":\n{"c":3}\n{"d":4}\n');
  });

  it("is created by its first line, and continues after a failed one", async () => {
    const lines = openJsonLines(join(folder, "later", "log.jsonl"));
    expect(await lines.append("{}").catch(getSystemErrorCode)).to.equal("ENOENT");
    const other = openJsonLines(path);
    await other.append("{}");
    await writeFile(path, '{}\n{"torn');
    await rm(path);
    await other.append("{}");
    expect(await readFile(path, "utf8")).to.equal("{}\n");
  });
});
