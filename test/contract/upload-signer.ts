import { createHash, randomBytes } from "node:crypto";
import { expect } from "chai";
import {
  type MultipartReference,
  multipartLimits,
  UploadFailure,
  type UploadSigner,
  type UploadTarget,
} from "../../pipeline/ports/upload-signer.ts";

/** A home's upload signer, and what its storage has received. */
export interface UploadSignerFixture {
  readonly signer: UploadSigner;
  /** Makes a signed URL absolute. */
  resolve(url: string): string;
  /** Reads an object of the input bucket; undefined if it does not exist. */
  read(key: string): Promise<
    | {
        readonly bytes: Buffer;
        readonly contentType?: string | undefined;
        readonly metadata: Readonly<Record<string, string>>;
      }
    | undefined
  >;
  close(): Promise<void>;
}

const target: UploadTarget = {
  key: "films/Ünïcode & (1).mp4",
  contentType: "video/mp4",
  metadata: { title: "Zoë's film", owner: "ann" },
};
const md5Of = (bytes: Buffer): string => createHash("md5").update(bytes).digest("hex");
const parts = [randomBytes(multipartLimits.minPartBytes), randomBytes(1000)] as const;

/** Calls an operation and returns the kind of its failure. */
const getFailureKind = async (operation: Promise<unknown>): Promise<string> =>
  operation.then(
    () => "no failure",
    (cause: unknown) => (cause instanceof UploadFailure ? cause.kind : String(cause)),
  );

/** The contract of `UploadSigner` (pipeline/ports/upload-signer.ts), with requests over HTTP as a client sends them. */
export const describeUploadSignerContract = (
  name: string,
  openFixture: () => Promise<UploadSignerFixture>,
): void => {
  describe(`the upload signer contract, ${name}`, () => {
    let fixture: UploadSignerFixture;
    let signer: UploadSigner;
    before(async () => {
      fixture = await openFixture();
      signer = fixture.signer;
    });
    after(() => fixture.close());

    const start = async (key: string): Promise<MultipartReference> => ({
      key,
      ...(await signer.createMultipart({ ...target, key })),
    });
    const sendPart = async (upload: MultipartReference, partNumber: number, bytes: Buffer) => {
      const { url } = await signer.signPart(upload, partNumber);
      const response = await fetch(fixture.resolve(url), { method: "PUT", body: bytes });
      expect(response.status, await response.text()).to.equal(200);
      const etag = response.headers.get("etag") ?? "";
      expect(etag).to.equal(`"${md5Of(bytes)}"`);
      return { partNumber, etag };
    };
    const sendParts = async (upload: MultipartReference) => [
      await sendPart(upload, 1, parts[0]),
      await sendPart(upload, 2, parts[1]),
    ];

    it("stores the file of a form as an object with its type and metadata", async () => {
      const bytes = randomBytes(2000);
      const { url, fields } = await signer.signUpload(target, { maxBytes: 2000 });
      const form = new FormData();
      for (const [field, value] of Object.entries(fields)) form.append(field, value);
      form.append("file", new Blob([bytes]), "any name.mp4");
      const response = await fetch(fixture.resolve(url), { method: "POST", body: form });

      expect(response.status, await response.text()).to.be.within(200, 204);
      const object = await fixture.read(target.key);
      expect(object?.bytes.equals(bytes)).to.equal(true);
      expect(object?.metadata).to.deep.include(target.metadata);
    });

    it("stores the parts as one object with its type and metadata", async () => {
      const upload = await start("parts.mp4");
      const sent = await sendParts(upload);
      const result = await signer.completeMultipart(upload, sent);

      expect(result).to.include({ key: "parts.mp4" });
      const object = await fixture.read("parts.mp4");
      expect(object?.bytes.equals(Buffer.concat(parts))).to.equal(true);
      expect(object?.contentType).to.equal("video/mp4");
      expect(object?.metadata).to.deep.include(target.metadata);
    });

    it("lists the stored parts by number, each as it was last sent", async () => {
      const upload = await start("listed.mp4");
      await sendPart(upload, 3, randomBytes(10));
      await sendPart(upload, 1, parts[0]);
      const { etag } = await sendPart(upload, 3, parts[1]);

      const listed = await signer.listParts(upload);
      expect(listed.map(({ partNumber, bytes }) => [partNumber, bytes])).to.deep.equal([
        [1, parts[0].length],
        [3, parts[1].length],
      ]);
      expect(listed[1]?.etag).to.equal(etag);
    });

    it("returns the first result to a repeated completion", async () => {
      const upload = await start("repeated.mp4");
      const sent = await sendParts(upload);
      const first = await signer.completeMultipart(upload, sent);

      expect(await signer.completeMultipart(upload, sent)).to.deep.equal(first);
    });

    it("does not take an object of the same key for that of an upload", async () => {
      const key = "other.mp4";
      const aborted = await start(key);
      await signer.abortMultipart(aborted);
      const upload = await start(key);
      await signer.completeMultipart(upload, await sendParts(upload));

      expect(
        await getFailureKind(signer.completeMultipart(aborted, [{ partNumber: 1, etag: "x" }])),
      ).to.equal("missing");
    });

    it("refuses parts that do not make an object", async () => {
      const upload = await start("refused.mp4");
      const first = await sendPart(upload, 1, randomBytes(10));
      const second = await sendPart(upload, 2, randomBytes(10));
      for (const [what, chosen] of [
        ["a part that was not sent", [first, { partNumber: 7, etag: second.etag }]],
        ["another ETag", [{ ...second, etag: first.etag }]],
        ["a wrong order", [second, first]],
        ["a first part that is too small", [first, second]],
      ] as const)
        expect(await getFailureKind(signer.completeMultipart(upload, chosen)), what).to.equal(
          "invalid-parts",
        );

      expect(await fixture.read("refused.mp4")).to.equal(undefined);
    });

    it("rejects operations on an upload that was aborted, never existed or has another key", async () => {
      const aborted = await start("aborted.mp4");
      const first = await sendPart(aborted, 1, parts[0]);
      await signer.abortMultipart(aborted);
      const existing = await start("existing.mp4");
      for (const upload of [
        aborted,
        { uploadId: "x", key: "aborted.mp4" },
        { uploadId: `x:${"a".repeat(22)}`, key: "aborted.mp4" },
        { ...existing, key: "aborted.mp4" },
      ])
        for (const operate of [
          () => signer.listParts(upload),
          () => signer.completeMultipart(upload, [first]),
          () => signer.abortMultipart(upload),
        ])
          expect(await getFailureKind(operate()), upload.uploadId).to.equal("missing");
    });
  });
};
