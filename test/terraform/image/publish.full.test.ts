import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { expect } from "chai";
import { type BuildContext, hashContext } from "../../../terraform/image/build-context.ts";
import { EngineError } from "../../../terraform/image/container-engine.ts";
import type { Engine } from "../../../terraform/image/engine-names.ts";
import { buildTag, isPublished, publishImage } from "../../../terraform/image/publish.ts";
import { openRegistry, RepositoryMissingError } from "../../../terraform/image/registry.ts";
import { startMoto } from "../../contract/moto.ts";
import { type OciRegistry, startRegistry } from "./oci-registry.ts";

describe("publishing the worker image", () => {
  let folder: string;
  let registry: OciRegistry;
  let context: BuildContext;
  const before = { ...process.env };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-publish-"));
    registry = await startRegistry();
    context = { directory: join(folder, "context"), files: ["Dockerfile", "worker.cjs"] };
    await mkdir(context.directory);
    await writeFile(join(context.directory, "Dockerfile"), "FROM scratch\nCOPY worker.cjs /app/worker.cjs\n");
    await writeFile(join(context.directory, "worker.cjs"), "process.exit(0);\n");
    const storage = [
      '[storage]\ndriver = "vfs"',
      `graphroot = "${join(folder, "storage")}"`,
      `runroot = "${join(folder, "run")}"`,
    ];
    await writeFile(join(folder, "storage.conf"), `${storage.join("\n")}\n`);
    Object.assign(process.env, {
      CONTAINERS_STORAGE_CONF: join(folder, "storage.conf"),
      REGISTRY_AUTH_FILE: join(folder, "auth.json"),
      BUILDAH_ISOLATION: "chroot",
    });
  });
  afterEach(async () => {
    for (const name of ["CONTAINERS_STORAGE_CONF", "REGISTRY_AUTH_FILE", "BUILDAH_ISOLATION"])
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    await registry.close();
    await rm(folder, { recursive: true, force: true });
  });

  const publish = (engine: Engine, lines: string[] = []) =>
    publishImage({ context, registry, architecture: "X86_64", engine, report: (line) => lines.push(line) });

  for (const engine of ["buildah", "podman"] as const)
    it(`builds and pushes with ${engine} once, under the tag of its sources`, async () => {
      const first = await publish(engine);
      const again = await publish(engine);

      const sources = await hashContext(context);
      expect(first.digest).to.match(/^sha256:[0-9a-f]{64}$/);
      expect(first).to.deep.equal({
        imageUri: `${await registry.uri()}@${first.digest}`,
        digest: first.digest,
        contextHash: sources,
        isBuilt: true,
      });
      expect(await registry.findDigest({ tag: buildTag(sources, "X86_64") })).to.equal(first.digest);
      expect((await registry.manifest(first.digest)).type).to.match(/manifest\.v[12]\+json$/);
      expect(again).to.deep.equal({ ...first, isBuilt: false });
    });

  it("rebuilds if its sources change, and keeps the first image", async () => {
    const first = await publish("buildah");
    await writeFile(join(context.directory, "worker.cjs"), "process.exit(64);\n");

    const second = await publish("buildah");

    expect(second.isBuilt).to.equal(true);
    expect(second.digest).not.to.equal(first.digest);
    expect(await isPublished({ repository: "ffmpeg", ...first }, registry)).to.equal(true);
    const unknown = { repository: "ffmpeg", digest: `sha256:${"0".repeat(64)}`, contextHash: "" };
    expect(await isPublished(unknown, registry)).to.equal(false);
  });

  it("builds unchanged sources again on request, and uses the rebuilt image from then on", async () => {
    const first = await publish("buildah");
    const options = { context, registry, architecture: "X86_64", engine: "buildah" } as const;
    const rebuildTime = new Date("2026-11-30T12:05:09Z");
    const rebuilt = await publishImage({ ...options, rebuildTime, report: () => undefined });

    const { contextHash } = first;
    expect(rebuilt).to.include({ isBuilt: true, contextHash });
    const tag = buildTag(contextHash, "X86_64", rebuildTime);
    expect(await registry.findDigest({ tag })).to.equal(rebuilt.digest);
    const publishRecorded = (recordedImage: { digest: string | null; contextHash: string }) =>
      publishImage({ ...options, recordedImage, report: () => undefined });
    expect(await publishRecorded(rebuilt)).to.deep.equal({ ...rebuilt, isBuilt: false });
    expect(await publishRecorded({ ...rebuilt, contextHash: "of other sources" })).to.deep.equal({
      ...first,
      isBuilt: false,
    });
  });

  it("pushes nothing if the build fails, and shows the engine's output", async () => {
    await writeFile(join(context.directory, "Dockerfile"), "FROM scratch\nCOPY missing.cjs /\n");

    const failed = await publish("buildah").catch((cause: unknown) => cause);

    expect(failed).to.be.instanceOf(EngineError).with.property("message").that.includes("missing.cjs");
    expect(await registry.findDigest({ tag: buildTag(await hashContext(context), "X86_64") })).to.equal(
      undefined,
    );
  });
});

describe("the account's registry on moto", () => {
  it("finds an image by tag and digest, and returns a login", async () => {
    const moto = await startMoto();
    const client = new ECRClient(moto.client);
    try {
      const registry = openRegistry(client, "reelway-dev-ffmpeg");
      const missing = await registry.uri().catch((cause: unknown) => cause);
      await client.send(new CreateRepositoryCommand({ repositoryName: "reelway-dev-ffmpeg" }));
      const imageManifest = JSON.stringify({
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        config: { mediaType: "application/vnd.oci.image.config.v1+json", size: 2, digest: "sha256:1" },
        layers: [],
      });
      const { image } = await client.send(
        new PutImageCommand({ repositoryName: "reelway-dev-ffmpeg", imageManifest, imageTag: "one" }),
      );
      const digest = image?.imageId?.imageDigest ?? "none";

      expect(missing).to.be.instanceOf(RepositoryMissingError);
      expect(await registry.uri()).to.match(/\.dkr\.ecr\.us-east-1\.amazonaws\.com\/reelway-dev-ffmpeg$/);
      expect(await registry.findDigest({ tag: "one" })).to.equal(digest);
      expect(await registry.findDigest({ digest })).to.equal(digest);
      expect(await registry.findDigest({ tag: "two" })).to.equal(undefined);
      expect(await registry.getCredentials()).to.have.property("username", "AWS");
    } finally {
      client.destroy();
      await moto.close();
    }
  });
});
