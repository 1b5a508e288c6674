import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { hashContext, workerContext } from "../../../terraform/image/build-context.ts";
import { readImageRecord, writeImageRecord } from "../../../terraform/image/image-record.ts";
import { type PrepareImageOptions, prepareImage } from "../../../terraform/image/prepare-image.ts";
import { buildTag } from "../../../terraform/image/publish.ts";
import type { Registry } from "../../../terraform/image/registry.ts";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/reelway-dev-ffmpeg";

describe("prepareImage", () => {
  let folder: string;
  let recordPath: string;
  let synths: number;
  const previousImage = process.env.TF_VAR_worker_image;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-prepare-"));
    recordPath = join(folder, "image.json");
    synths = 0;
    delete process.env.TF_VAR_worker_image;
  });
  afterEach(async () => {
    if (previousImage === undefined) delete process.env.TF_VAR_worker_image;
    else process.env.TF_VAR_worker_image = previousImage;
    await rm(folder, { recursive: true, force: true });
  });

  /** A registry with these images, by tag or digest; it gives no login, so nothing can be built for it. */
  const createRegistry = (images: Readonly<Record<string, string>>): Registry => ({
    uri: async () => uri,
    findDigest: async (image) => images["tag" in image ? image.tag : image.digest],
    getCredentials: async () => {
      throw new Error("An image is being built.");
    },
  });
  const prepare = (images: Readonly<Record<string, string>>, more: Partial<PrepareImageOptions> = {}) =>
    prepareImage({
      registry: createRegistry(images),
      architecture: "ARM64",
      recordPath,
      synthesize: async () => {
        synths += 1;
      },
      report: () => {},
      ...more,
    });

  it("uses the given image", async () => {
    expect(await prepare({}, { existingImageUri: `elsewhere/ffmpeg@${digest("a")}` })).to.deep.equal({
      TF_VAR_worker_image: `elsewhere/ffmpeg@${digest("a")}`,
    });
  });

  it("uses the recorded image if its registry has it or is another", async () => {
    await writeImageRecord({ repository: "ffmpeg", digest: digest("a"), contextHash: "" }, recordPath);
    const recorded = await prepare({ [digest("a")]: digest("a") });
    await writeImageRecord(
      { repository: "ghcr.io/team/ffmpeg", digest: digest("b"), contextHash: "" },
      recordPath,
    );
    const others = await prepare({});

    expect({ own: recorded, others }).to.deep.equal({ own: {}, others: {} });
  });

  it("uses Terraform's variable if none is recorded", async () => {
    await writeImageRecord({ repository: "ffmpeg", digest: null, contextHash: "" }, recordPath);
    process.env.TF_VAR_worker_image = `${uri}@${digest("a")}`;

    expect(await prepare({})).to.deep.equal({});
  });

  it("finds the image by its sources and records it", async () => {
    const sources = await hashContext(workerContext);
    await writeImageRecord({ repository: "ffmpeg", digest: null, contextHash: "" }, recordPath);

    const variables = await prepare({ [buildTag(sources, "ARM64")]: digest("c") });

    expect(variables).to.deep.equal({ TF_VAR_worker_image: `${uri}@${digest("c")}` });
    expect(await readImageRecord(recordPath)).to.deep.equal({
      repository: "ffmpeg",
      digest: digest("c"),
      contextHash: sources,
    });
    expect(synths).to.equal(0);
  });

  it("synthesizes again if the recorded image is missing in the registry", async () => {
    const sources = await hashContext(workerContext);
    await writeImageRecord({ repository: "ffmpeg", digest: digest("a"), contextHash: "" }, recordPath);

    await prepare({ [buildTag(sources, "ARM64")]: digest("c") });

    expect((await readImageRecord(recordPath)).digest).to.equal(digest("c"));
    expect(synths).to.equal(1);
  });
});
