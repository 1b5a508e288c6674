import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { hashContext, workerContext } from "../../../terraform/image/build-context.ts";
import {
  ImageRecordError,
  imageRecordPath,
  readImageRecord,
  writeImageRecord,
} from "../../../terraform/image/image-record.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("the image record", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-image-file-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("matches the Dockerfile and the worker", async () => {
    const sources = await hashContext(workerContext);

    const { contextHash: recorded } = await readImageRecord();

    expect(
      recorded,
      `The worker or its Dockerfile changed and ${imageRecordPath} did not. Run npx reelway image --record; build the image again with npx reelway image --stage.`,
    ).to.equal(sources);
  });

  it("is read as written", async () => {
    const path = join(folder, "image.json");
    const record = { repository: "ffmpeg", digest, contextHash: "abc" };

    await writeImageRecord(record, path);

    expect(await readImageRecord(path)).to.deep.equal(record);
  });

  for (const [mistake, reason, text] of [
    [
      "a digest that is a tag",
      "digest: must be sha256: and 64 hexadecimal characters",
      JSON.stringify({ repository: "ffmpeg", digest: "latest", contextHash: "" }),
    ],
    [
      "a field too many",
      'Unrecognized key: "tag"',
      JSON.stringify({ repository: "ffmpeg", digest, contextHash: "", tag: "latest" }),
    ],
    ["a missing field", "is not valid: digest: ", JSON.stringify({ repository: "ffmpeg", contextHash: "" })],
    ["no JSON", "is not valid JSON", "repository: ffmpeg"],
  ] as const)
    it(`is rejected with ${mistake}, by name`, async () => {
      const path = join(folder, "image.json");
      await writeFile(path, text);

      const refused = await readImageRecord(path).catch((cause: unknown) => cause);

      expect(refused)
        .to.be.instanceOf(ImageRecordError)
        .with.property("message")
        .that.includes(`${path} is not valid`)
        .and.includes(reason)
        .and.includes("npx reelway init");
    });
});
