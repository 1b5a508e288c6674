import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { type BenchEnvironment, openBenchEnvironment } from "../../bench/environment.ts";
import { hashContext, workerContext } from "../../terraform/image/build-context.ts";
import { startRuntimeApi } from "../docker/ffmpeg/highlights/runtime-api.ts";
import { npm, packArchive, run } from "../package/package-archive.ts";
import { type OciRegistry, startRegistry } from "../terraform/image/oci-registry.ts";
import { type ImageStorage, openImageStorage } from "./container-image.ts";
import { startEcrEndpoint } from "./ecr-endpoint.ts";

/** The user that docker/ffmpeg/Dockerfile names. */
const user = 10_001;

const resultSchema = z.object({
  built: z.boolean(),
  image: z.string(),
  after: z.object({ contextHash: z.string(), digest: z.string() }),
});
const recordSchema = z.looseObject({ contextHash: z.string(), digest: z.string() });
const manifestSchema = z.object({ layers: z.array(z.object({ size: z.number() })) });

describe("the worker image that an installed package builds", function () {
  // The build downloads packages of Debian.
  this.timeout(1_200_000);
  let folder: string;
  let project: string;
  let storage: ImageStorage;
  let registry: OciRegistry;
  let endpoint: Awaited<ReturnType<typeof startEcrEndpoint>>;
  let machine: BenchEnvironment;
  let result: z.output<typeof resultSchema>;

  /** Creates a project in an empty folder. */
  const createProject = async () => {
    await mkdir(project);
    const { path } = await packArchive(folder);
    await npm(project, "install", path);
    await run(project, "node_modules/.bin/reelway", ["init", "--yes"]);
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-image-project-"));
    project = join(folder, "film");
    registry = await startRegistry();
    endpoint = await startEcrEndpoint(registry);
    machine = await openBenchEnvironment();
    [storage] = await Promise.all([openImageStorage(), createProject()]);
    const text = await run(
      project,
      "node_modules/.bin/reelway",
      ["image", "--stage", "dev", "--engine", "buildah", "--json", ...storage.buildArguments],
      {
        ...storage.environment,
        AWS_ENDPOINT_URL_ECR: endpoint.url,
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
      },
    );
    result = resultSchema.parse(JSON.parse(text));
    await storage.pull(result.image);
  });
  after(async () => {
    await machine?.close();
    await endpoint?.close();
    await registry?.close();
    await storage?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it("is pushed, and recorded with the hash of the sources in this repository", async () => {
    const { built, image, after: recorded } = result;

    expect(built).to.equal(true);
    expect(image).to.equal(`${await registry.uri()}@${recorded.digest}`);
    expect(await registry.findDigest({ digest: recorded.digest })).to.equal(recorded.digest);
    expect(recorded.contextHash).to.equal(await hashContext(workerContext));
    const record = recordSchema.parse(JSON.parse(await readFile(join(project, "image.json"), "utf8")));
    expect(record).to.include(recorded);
  });

  it("runs as an ordinary user without a shell, with a scratch volume", async () => {
    expect(await storage.inspect(result.image, "{{.Config.User}}")).to.equal(`${user}:${user}`);
    expect(await storage.inspect(result.image, "{{json .Config.Entrypoint}}")).to.equal(
      '["/usr/bin/node","/app/worker.cjs"]',
    );
    expect(await storage.inspect(result.image, "{{json .Config.Volumes}}")).to.equal('{"/scratch":{}}');
  });

  it("is at most 200 MB compressed", async () => {
    const { body } = await registry.manifest(result.after.digest);
    const bytes = manifestSchema.parse(body).layers.reduce((sum, { size }) => sum + size, 0);

    console.log(`      compressed: ${(bytes / 1e6).toFixed(1)} MB`);
    expect(bytes).to.be.at.most(200e6);
  });

  /** Runs a job in a container and returns the media types of its outputs. */
  const runJob = async (
    recipe: Parameters<BenchEnvironment["claim"]>[0],
    source: string,
    outputs: readonly string[],
  ) => {
    const job = await machine.claim(recipe, source, outputs);
    // The container's user is another than this process's: the socket's folder is closed to it.
    const socketFolder = dirname(machine.socket);
    execFileSync("chown", ["-R", String(user), machine.root, socketFolder]);

    const { code, output } = await storage.run(
      result.image,
      {
        ...machine.definition,
        SCRATCH_DIRECTORY: "/scratch",
        JOB_ID: job.id,
        JOB_TABLE: machine.definition.JOBS_TABLE,
        JOB_ATTEMPT: String(job.attempt),
      },
      [machine.root, socketFolder],
    );

    expect(code, output).to.equal(0);
    const report = (await machine.store.read(job.id))?.report;
    expect(report?.error).to.equal(undefined);
    expect(report?.outputs.map(({ key }) => key)).to.deep.equal(job.specification?.outputKeys);
    const heads = (job.specification?.outputKeys ?? []).map((key) =>
      machine.objects.head({ bucket: "output", key }),
    );
    return (await Promise.all(heads)).map((head) => head?.contentType);
  };
  const makeMedia = (name: string, source: string): string => {
    const path = join(machine.root, name);
    execFileSync(machine.programs.ffmpeg, ["-loglevel", "error", "-f", "lavfi", "-i", source, path]);
    return path;
  };

  it("runs a recipe with a read-only root", async () => {
    const clip = makeMedia("clip.mp4", "testsrc=size=320x180:rate=25:duration=3");

    expect(await runJob({ name: "thumbnail", at: { seconds: 2 } }, clip, ["thumb/{name}.png"])).to.deep.equal(
      ["image/png"],
    );
  });

  it("decodes images with sharp", async () => {
    const image = makeMedia("image.jpg", "testsrc=size=320x180:rate=1:duration=1");
    const recipe = { name: "image", maxWidth: 100, maxHeight: 100, quality: 80 } as const;

    expect(await runJob(recipe, image, ["images/{name}.avif", "images/{name}.webp"])).to.deep.equal([
      "image/avif",
      "image/webp",
    ]);
  });

  it("has the watcher's program, which answers AWS Lambda and says why it cannot start", async () => {
    const api = await startRuntimeApi();
    try {
      const environment = { AWS_LAMBDA_RUNTIME_API: api.endpoint, SCRATCH_DIRECTORY: "/scratch" };
      const { code, output } = await storage.run(result.image, environment, [], "/app/watcher.cjs");

      expect(code, output).to.equal(75);
      expect(api.getInitializationFailure())
        .to.have.property("errorMessage")
        .that.matches(
          /^The watcher cannot start because its environment is not valid: CHANNELS is missing; /,
        );
    } finally {
      await api.close();
    }
  });
});
