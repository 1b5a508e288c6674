import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect } from "chai";
import { createMultipartUploads, type MultipartUploads } from "../../../adapters/local/multipart-uploads.ts";
import { createUrlSigner, openSigningKey } from "../../../adapters/local/url-signature.ts";
import type { UploadTarget } from "../../../pipeline/ports/upload-signer.ts";

const minPartBytes = 5 * 2 ** 20;
const target: UploadTarget = { key: "a.mp4", contentType: "video/mp4", metadata: {} };
const contents = [Buffer.alloc(minPartBytes, 1), Buffer.alloc(minPartBytes + 3, 2), Buffer.alloc(7, 3)];

describe("the multipart uploads of one machine", () => {
  let root: string;
  let directory: string;
  let stored: Buffer[];
  let failure: Error | undefined;
  let uploads: MultipartUploads;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-multipart-"));
    directory = join(root, "uploads");
    stored = [];
    failure = undefined;
    uploads = open();
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const open = (): MultipartUploads =>
    createMultipartUploads({
      directory,
      store: async (file, { key }) => {
        if (failure !== undefined) throw failure;
        stored.push(await readFile(file));
        return { bucket: "input", key, location: `/input/${key}`, jobId: null };
      },
    });
  const create = async () => {
    const { uploadId } = await uploads.create(target);
    const upload = { uploadId, key: target.key };
    const parts = [];
    for (const [index, bytes] of contents.entries())
      parts.push({
        partNumber: index + 1,
        etag: await uploads.storePart(uploadId, index + 1, () => Readable.from([bytes]), bytes.length),
      });
    return { upload, parts, folder: join(directory, uploadId) };
  };

  it("continues to join the parts wherever a crash has interrupted it", async () => {
    for (const joinedParts of [0, 1, 2, 3]) {
      const { upload, parts, folder } = await create();
      const journal = parts.map((part, index) => ({ ...part, bytes: contents[index]?.length }));
      await writeFile(join(folder, "parts.json"), JSON.stringify(journal));
      const pathOf = (index: number) =>
        join(folder, `${index + 1}-${parts[index]?.etag.replaceAll('"', "")}.part`);
      if (joinedParts > 0) {
        await rename(pathOf(0), join(folder, "joined"));
        for (let index = 1; index < joinedParts; index += 1) await rm(pathOf(index));
        // The next part was half written.
        const half = contents[joinedParts]?.subarray(0, 3).fill(9) ?? Buffer.alloc(0);
        await writeFile(
          join(folder, "joined"),
          Buffer.concat([...contents.slice(0, joinedParts), Buffer.from(half)]),
        );
        contents[joinedParts]?.fill(joinedParts + 1);
      }
      uploads = open();
      await uploads.removeIncompleteParts();
      expect(await uploads.listParts(upload)).to.deep.equal(journal);
      await uploads.complete(upload, parts);
      expect(stored.at(-1)?.equals(Buffer.concat(contents)), `${joinedParts} parts joined`).to.equal(true);
      expect((await readdir(folder)).sort()).to.deep.equal(["parts.json", "result.json", "upload.json"]);
    }
  });

  it("can be completed again after the object could not be stored", async () => {
    const { upload, parts } = await create();
    failure = new Error("disk");
    expect(await uploads.complete(upload, parts).catch((cause: unknown) => cause)).to.equal(failure);
    failure = undefined;
    const result = await uploads.complete(upload, parts);
    expect(stored.map((bytes) => bytes.equals(Buffer.concat(contents)))).to.deep.equal([true]);
    expect(await open().complete(upload, parts)).to.deep.equal(result);
    expect(stored).to.have.length(1);
  });

  it("removes what was abandoned, completed or not, and keeps the rest", async () => {
    const [abandoned, completed, active] = [await create(), await create(), await create()];
    await uploads.complete(completed.upload, completed.parts);
    const threeDaysAgo = new Date(Date.now() - 3 * 86_400_000);
    for (const { folder } of [abandoned, completed]) await utimes(folder, threeDaysAgo, threeDaysAgo);
    expect(await uploads.removeAbandoned(2 * 86_400_000)).to.equal(2);
    expect(await readdir(directory)).to.deep.equal([active.upload.uploadId]);
    expect(await uploads.listParts(active.upload)).to.have.length(3);
  });

  it("removes the incomplete parts of a killed process", async () => {
    const { upload, folder } = await create();
    await writeFile(join(folder, "4-x.tmp"), "half");
    await uploads.removeIncompleteParts();
    expect(await readdir(folder)).to.not.include("4-x.tmp");
    expect(await uploads.listParts(upload)).to.have.length(3);
  });

  it("keeps no part that breaks or has another length", async () => {
    const { uploadId } = await uploads.create(target);
    const folder = join(directory, uploadId);
    const openBroken = () => {
      const body = Readable.from(["half"]);
      body.once("data", () => body.destroy(new Error("reset")));
      return body;
    };
    const reset = await uploads.storePart(uploadId, 1, openBroken, 10).catch((cause: unknown) => cause);
    expect(reset).to.include({ message: "reset" });
    const short = await uploads
      .storePart(uploadId, 1, () => Readable.from([Buffer.from("half")]), 10)
      .catch((cause: unknown) => cause);
    expect(short).to.include({ kind: "invalid-parts" });
    expect(await readdir(folder)).to.deep.equal(["upload.json"]);
  });
});

describe("the key of signed URLs", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-signing-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is only readable for its owner, survives a restart, and is replaced if it is broken", async () => {
    const path = join(folder, "key");
    const key = await openSigningKey(path);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(Buffer.from(await openSigningKey(path)).equals(key)).to.equal(true);
    const url = createUrlSigner({ key, expirySeconds: 60, now: () => 0 }).signUrl("PUT", "/a", { b: "c d" });
    const verify = async (now: number) =>
      createUrlSigner({ key: await openSigningKey(path), expirySeconds: 60, now: () => now }).verify(
        "PUT",
        "/a",
        new URL(url, "http://localhost").searchParams,
      );
    expect([await verify(59_999), await verify(60_000)]).to.deep.equal(["valid", "expired"]);
    await mkdir(folder, { recursive: true });
    await writeFile(path, "");
    expect(await verify(0)).to.equal("invalid");
    expect((await readFile(path)).length).to.equal(32);
  });
});
