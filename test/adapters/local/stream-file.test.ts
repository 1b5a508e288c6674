import fs from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Transform } from "node:stream";
import { expect } from "chai";
import { restore, stub } from "sinon";
import { writeStream } from "../../../adapters/local/stream-file.ts";

describe("writing a stream to a file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-stream-file-"));
  });
  afterEach(async () => {
    restore();
    await rm(folder, { recursive: true, force: true });
  });

  it("writes what the transforms give", async () => {
    const path = join(folder, "file");
    const upper = new Transform({
      transform: (chunk: Buffer, _encoding, done) => done(null, chunk.toString().toUpperCase()),
    });
    await writeStream([Readable.from([Buffer.from("a"), Buffer.from("b")]), upper], path, { flush: true });
    expect(await readFile(path, "utf8")).to.equal("AB");
  });

  it("fails with the failure of the source, and of the file", async () => {
    const failure = new Error("the source failed");
    const source = Readable.from(
      (async function* () {
        yield Buffer.from("a");
        throw failure;
      })(),
    );
    expect(await writeStream([source], join(folder, "file")).catch((cause: unknown) => cause)).to.equal(
      failure,
    );
    const missing = writeStream([Readable.from([Buffer.from("a")])], join(folder, "absent", "file"));
    expect(await missing.catch((cause: NodeJS.ErrnoException) => cause.code)).to.equal("ENOENT");
  });

  for (const when of ["before", "while"] as const)
    it(`leaves nothing behind a caller that removes the file, if it is aborted ${when} the file is opened`, async () => {
      const path = join(folder, "file");
      const abort = new AbortController();
      const { open } = fs;
      const opened = new Promise<void>((resolve) => {
        // The thread pool takes up the request after the abort.
        stub(fs, "open").callsFake(((path: string, flags: string, mode: number, done: fs.NoParamCallback) => {
          if (when === "while") abort.abort();
          setTimeout(() => {
            open(path, flags, mode, (...results) => {
              (done as (...results: unknown[]) => void)(...results);
              resolve();
            });
          }, 20);
        }) as typeof fs.open);
      });
      if (when === "before") abort.abort();
      const source = new Readable({ read: () => undefined });
      const failure = await writeStream([source, new PassThrough()], path, { signal: abort.signal }).catch(
        (cause: Error) => cause.name,
      );
      await rm(path, { force: true });
      await opened;
      expect(failure).to.equal("AbortError");
      expect(await readdir(folder)).to.deep.equal([]);
    });
});
