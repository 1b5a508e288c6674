import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createS3ObjectStore } from "../../../adapters/aws/object-store.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { type Answer, type Call, type ScriptedService, startScriptedService } from "./scripted-service.ts";

const reference = { bucket: "bucket", key: "a.mp4" };
const plain = { contentType: "video/mp4" } as const;
const modified = { "Last-Modified": "Sat, 21 Nov 2026 03:00:00 GMT" };

const error = (status: number, code: string): Answer => ({
  status,
  headers: { "Content-Type": "application/xml" },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});
const buildXmlAnswer = (body: string, headers: Record<string, string> = {}): Answer => ({
  headers: { "Content-Type": "application/xml", ...headers },
  body: `<?xml version="1.0"?>${body}`,
});

describe("S3ObjectStore", () => {
  let folder: string;
  let service: ScriptedService | undefined;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-s3-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => service?.close());

  const open = async (answer: (call: Call, number: number) => Answer | undefined) => {
    service = await startScriptedService(answer);
    return { calls: service.calls, store: createS3ObjectStore(new S3Client(service.client)) };
  };
  const writeTemporaryFile = async (bytes: Buffer): Promise<string> => {
    const path = join(folder, "body");
    await writeFile(path, bytes);
    return path;
  };
  const catchFailure = async (act: Promise<unknown>): Promise<StoreFailure> => {
    try {
      await act;
    } catch (cause) {
      if (cause instanceof StoreFailure) return cause;
    }
    throw new Error("It was not refused.");
  };

  it("learns why a HEAD request was refused from a read of one byte", async () => {
    const { calls, store } = await open((call) =>
      call.method === "HEAD" ? { status: 400 } : error(400, "KMS.DisabledException"),
    );
    const failure = await catchFailure(store.head({ ...reference, versionId: "v1" }));
    expect([failure.kind, failure.message]).to.deep.equal([
      "denied",
      "Reading the metadata of a.mp4 in bucket failed: KMS.DisabledException",
    ]);
    expect(calls.map(({ method, headers, query }) => [method, headers.range, query.get("versionId")])).to.eql(
      [
        ["HEAD", undefined, "v1"],
        ["GET", "bytes=0-0", "v1"],
      ],
    );
  });

  it("reports a refused HEAD request as denied, even if the byte can be read", async () => {
    const { store } = await open((call) =>
      call.method === "HEAD" ? { status: 403 } : { status: 206, body: "a" },
    );
    expect((await catchFailure(store.head(reference))).kind).to.equal("denied");
  });

  it("deletes versions a thousand at a time, and reports what S3 did not delete", async () => {
    const buildErrors = (code: string) =>
      buildXmlAnswer(
        `<DeleteResult><Error><Key>k</Key><Code>${code}</Code><Message>${code}</Message></Error></DeleteResult>`,
      );
    const { calls, store } = await open((_, number) =>
      number < 2 ? buildErrors("NoSuchVersion") : buildErrors("AccessDenied"),
    );
    const versions = Array.from({ length: 1001 }, (_, number) => ({ key: `k${number}`, versionId: "v" }));
    await store.removeVersions("bucket", []);
    await store.removeVersions("bucket", versions);
    expect(calls.map(({ body }) => String(body).split("<VersionId>v</VersionId>").length - 1)).to.deep.equal([
      1000, 1,
    ]);
    const failure = await catchFailure(store.removeVersions("bucket", [{ key: "k" }]));
    expect(failure.kind).to.equal("denied");
    expect(String(calls.at(-1)?.body)).to.include("<Key>k</Key><VersionId>null</VersionId>");
  });

  it("removes only the given version, and succeeds if it is already gone", async () => {
    const { calls, store } = await open((_, number) =>
      number === 0 ? error(404, "NoSuchKey") : error(412, "PreconditionFailed"),
    );
    await store.remove(reference, { etag: '"e"' });
    const failure = await catchFailure(store.remove(reference, { etag: '"e"' }));
    expect(calls.map(({ headers }) => headers["if-match"])).to.deep.equal(['"e"', '"e"']);
    expect(failure.kind).to.equal("precondition");
  });

  it("sets the storage class and one header per kind of grant", async () => {
    const { calls, store } = await open(() => ({ headers: { ETag: '"e"', ...modified } }));
    await store.write(
      reference,
      { text: "x" },
      {
        ...plain,
        storageClass: "ReducedRedundancy",
        grants: [
          { granteeType: "Group", grantee: "AllUsers", access: ["Read", "ReadAcp"] },
          { granteeType: "Canonical", grantee: "abc", access: ["Read"] },
          { granteeType: "Email", grantee: "a@example.org", access: ["FullControl"] },
        ],
      },
    );
    const all = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"';
    expect(calls[0]?.headers).to.deep.include({
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
      "x-amz-grant-read": `${all}, id="abc"`,
      "x-amz-grant-read-acp": all,
      "x-amz-grant-full-control": 'emailAddress="a@example.org"',
    });
  });

  it("retries a small file as a whole after throttling and a lost response", async () => {
    const body = Buffer.alloc(3 * 2 ** 20, "reelway");
    const { calls, store } = await open((call, number) => {
      if (call.method === "HEAD") return { headers: { ETag: '"e"', "x-amz-version-id": "1", ...modified } };
      if (number === 0) return error(503, "SlowDown");
      if (number === 1) return undefined;
      return { headers: { ETag: '"e"', "x-amz-version-id": "1" } };
    });
    const written = await store.write(reference, { file: await writeTemporaryFile(body) }, plain);
    const puts = calls.filter(({ method }) => method === "PUT");
    expect(puts).to.have.length(3);
    for (const put of puts) expect(put.body.equals(body)).to.equal(true);
    expect(written).to.include({ versionId: "1", modifiedAt: "2026-11-21T03:00:00.000Z" });
  });

  it("returns its own version if another writer's is newer", async () => {
    const before = new Date().toISOString();
    const { store } = await open((call) =>
      call.method === "PUT"
        ? { headers: { ETag: '"mine"', "x-amz-version-id": "1" } }
        : { headers: { ETag: '"theirs"', "x-amz-version-id": "2", "Content-Length": "9", ...modified } },
    );
    const written = await store.write(reference, { text: "mine" }, { ...plain, metadata: { a: "ü" } });
    expect(written).to.deep.include({ etag: '"mine"', versionId: "1", bytes: 4, metadata: { a: "ü" } });
    expect(written.modifiedAt >= before).to.equal(true);
  });

  it("reports a write as done if reading the object is denied", async () => {
    const { store } = await open((call) =>
      call.method === "PUT" ? { headers: { ETag: '"e"' } } : { status: 403 },
    );
    expect(await store.write(reference, { text: "one" }, plain)).to.deep.include({ etag: '"e"', bytes: 3 });
  });

  it("sends nothing if the metadata is too large", async () => {
    const { calls, store } = await open(() => ({}));
    const metadata = { note: "x".repeat(2100) };
    expect(await catchFailure(store.write(reference, { text: "" }, { ...plain, metadata }))).to.include({
      kind: "invalid",
    });
    expect(calls).to.eql([]);
  });

  describe("multipart uploads", () => {
    const initiated =
      "<InitiateMultipartUploadResult><UploadId>up</UploadId></InitiateMultipartUploadResult>";
    const large = () => writeTemporaryFile(Buffer.alloc(17 * 2 ** 20));
    /** Answers all steps but one. */
    const steps =
      (refused: (call: Call) => Answer | undefined) =>
      (call: Call): Answer => {
        const answered = refused(call);
        if (answered !== undefined) return answered;
        if (call.query.has("uploads")) return buildXmlAnswer(initiated);
        if (call.method === "PUT") return { headers: { ETag: `"part${call.query.get("partNumber")}"` } };
        if (call.method === "POST")
          return buildXmlAnswer(
            "<CompleteMultipartUploadResult><ETag>&quot;whole-4&quot;</ETag></CompleteMultipartUploadResult>",
            {
              "x-amz-version-id": "7",
            },
          );
        return call.method === "DELETE" ? { status: 204 } : { headers: { ETag: '"whole-4"', ...modified } };
      };
    const isCompletion = (call: Call) => call.method === "POST" && call.query.has("uploadId");
    const uploadIds = (calls: readonly Call[]) =>
      calls.filter(({ method }) => method === "DELETE").map(({ query }) => query.get("uploadId"));

    it("takes version and ETag from the last request, which carries the condition", async () => {
      const { calls, store } = await open(steps(() => undefined));
      const condition = { etag: '"seen"' };
      const written = await store.write(reference, { file: await large() }, { ...plain, condition });
      expect(written).to.include({ etag: '"whole-4"', versionId: "7", bytes: 17 * 2 ** 20 });
      expect(calls.find(isCompletion)?.headers["if-match"]).to.equal('"seen"');
      expect(uploadIds(calls)).to.eql([]);
    });

    for (const [status, code] of [
      [412, "PreconditionFailed"],
      [409, "ConditionalRequestConflict"],
    ] as const)
      it(`aborts the upload if the last request fails with ${status}`, async () => {
        const { calls, store } = await open(
          steps((call) => (isCompletion(call) ? error(status, code) : undefined)),
        );
        const condition = { absent: true } as const;
        const failure = await catchFailure(
          store.write(reference, { file: await large() }, { ...plain, condition }),
        );
        expect(failure.kind).to.equal("precondition");
        expect(calls.find(isCompletion)?.headers["if-none-match"]).to.equal("*");
        expect(uploadIds(calls)).to.eql(["up"]);
      });

    it("reports why a part failed, even if the abort fails too", async () => {
      const { calls, store } = await open(
        steps((call) => {
          if (call.query.get("partNumber") === "2") return error(403, "AccessDenied");
          return call.method === "DELETE" ? error(403, "AbortDenied") : undefined;
        }),
      );
      const failure = await catchFailure(store.write(reference, { file: await large() }, plain));
      expect(failure.kind).to.equal("denied");
      expect(failure.message).to.include("AccessDenied");
      expect(uploadIds(calls)).to.eql(["up"]);
    });

    it("reports a transient failure if S3 no longer knows the upload", async () => {
      const { store } = await open(
        steps((call) => (isCompletion(call) ? error(404, "NoSuchUpload") : undefined)),
      );
      const failure = await catchFailure(store.write(reference, { file: await large() }, plain));
      expect(failure).to.include({ kind: "transient", retryable: true });
    });
  });

  it("lists keys that XML cannot represent, page by page", async () => {
    const version = (key: string, id: string) =>
      `<Version><Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>true</IsLatest><ETag>e</ETag><Size>1</Size><LastModified>2026-11-21T03:00:00.000Z</LastModified></Version>`;
    const { calls, store } = await open((call) =>
      call.query.has("key-marker")
        ? buildXmlAnswer(
            `<ListVersionsResult><EncodingType>url</EncodingType>${version("b%2Bc", "2")}</ListVersionsResult>`,
          )
        : buildXmlAnswer(
            `<ListVersionsResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextKeyMarker>a%01+1</NextKeyMarker><NextVersionIdMarker>1</NextVersionIdMarker>${version("a%01+1", "1")}</ListVersionsResult>`,
          ),
    );
    const pages: (string | undefined)[][] = [];
    for await (const { key, versionId } of store.listVersions("bucket", "")) pages.push([key, versionId]);
    expect(pages).to.eql([
      ["a\u0001 1", "1"],
      ["b+c", "2"],
    ]);
    expect(calls.map(({ query }) => [query.get("encoding-type"), query.get("key-marker")])).to.eql([
      ["url", null],
      ["url", "a\u0001 1"],
    ]);
    expect(calls[1]?.query.get("version-id-marker")).to.equal("1");
  });
});
