import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readImageRecord, writeImageRecord } from "../../../delivery/image/image-file.ts";
import { type PrepareOrder, prepareImage } from "../../../delivery/image/prepare.ts";
import { tagOf } from "../../../delivery/image/publish.ts";
import type { Registry } from "../../../delivery/image/registry.ts";
import { hashSources, withWorkerSources } from "../../../delivery/image/sources.ts";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/reelway-dev-ffmpeg";

describe("the worker's image before a deployment", () => {
  let folder: string;
  let record: string;
  let synths: number;
  const given = process.env.TF_VAR_worker_image;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-prepare-"));
    record = join(folder, "image.json");
    synths = 0;
    delete process.env.TF_VAR_worker_image;
  });
  afterEach(async () => {
    if (given === undefined) delete process.env.TF_VAR_worker_image;
    else process.env.TF_VAR_worker_image = given;
    await rm(folder, { recursive: true, force: true });
  });

  /** A registry with these images, by tag or digest; it gives no login, so nothing can be built for it. */
  const registryOf = (images: Readonly<Record<string, string>>): Registry => ({
    uri: async () => uri,
    find: async (image) => images["tag" in image ? image.tag : image.digest],
    login: async () => {
      throw new Error("An image is being built.");
    },
  });
  const prepare = (images: Readonly<Record<string, string>>, more: Partial<PrepareOrder> = {}) =>
    prepareImage({
      registry: registryOf(images),
      architecture: "ARM64",
      record,
      synthesise: async () => {
        synths += 1;
      },
      say: () => {},
      ...more,
    });

  it("is the one that a person names", async () => {
    expect(await prepare({}, { given: `elsewhere/ffmpeg@${digest("a")}` })).to.deep.equal({
      TF_VAR_worker_image: `elsewhere/ffmpeg@${digest("a")}`,
    });
  });

  it("is the recorded one where the registry has it, or where it lies in another", async () => {
    await writeImageRecord({ repository: "ffmpeg", digest: digest("a"), sources: "" }, record);
    const own = await prepare({ [digest("a")]: digest("a") });
    await writeImageRecord({ repository: "ghcr.io/team/ffmpeg", digest: digest("b"), sources: "" }, record);
    const others = await prepare({});

    expect({ own, others }).to.deep.equal({ own: {}, others: {} });
  });

  it("is what Terraform's variable says while none is recorded", async () => {
    await writeImageRecord({ repository: "ffmpeg", digest: null, sources: "" }, record);
    process.env.TF_VAR_worker_image = `${uri}@${digest("a")}`;

    expect(await prepare({})).to.deep.equal({});
  });

  it("is found by its sources, and recorded", async () => {
    const sources = await withWorkerSources(hashSources);
    await writeImageRecord({ repository: "ffmpeg", digest: null, sources: "" }, record);

    const variables = await prepare({ [tagOf(sources, "ARM64")]: digest("c") });

    expect(variables).to.deep.equal({ TF_VAR_worker_image: `${uri}@${digest("c")}` });
    expect(await readImageRecord(record)).to.deep.equal({
      repository: "ffmpeg",
      digest: digest("c"),
      sources,
    });
    expect(synths).to.equal(0);
  });

  it("is synthesised anew where another was recorded, which the registry does not have", async () => {
    const sources = await withWorkerSources(hashSources);
    await writeImageRecord({ repository: "ffmpeg", digest: digest("a"), sources: "" }, record);

    await prepare({ [tagOf(sources, "ARM64")]: digest("c") });

    expect((await readImageRecord(record)).digest).to.equal(digest("c"));
    expect(synths).to.equal(1);
  });
});
