import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { type BenchEnvironment, openBenchEnvironment } from "../../bench/environment.ts";
import { hashContext, workerContext } from "../../terraform/image/build-context.ts";
import { startRuntimeApi } from "../docker/ffmpeg/highlights/runtime-api.ts";
import { npm, packArchive, run } from "../package/package-archive.ts";
import { type OciRegistry, startRegistry } from "../terraform/image/oci-registry.ts";
import { type ContainerMode, type ImageStorage, openImageStorage } from "./container-image.ts";
import { describeComponents } from "./describe-components.ts";
import { startEcrEndpoint } from "./ecr-endpoint.ts";
import { openImagePrograms } from "./image-programs.ts";
import { createMediaStandIns, type MediaStandIns, secretKey } from "./media-stand-ins.ts";

/** The users that docker/ffmpeg/Dockerfile and the task definition name. */
const user = 10_001;
const mediaUser = 10_002;

const resultSchema = z.object({
  built: z.boolean(),
  image: z.string(),
  after: z.object({ contextHash: z.string(), digest: z.string() }),
});
const recordSchema = z.looseObject({ contextHash: z.string(), digest: z.string() });
const manifestSchema = z.object({ layers: z.array(z.object({ size: z.number(), mediaType: z.string() })) });

type Recipe = Parameters<BenchEnvironment["claim"]>[0];

/** A job of each recipe, with the media types of its outputs. */
const recipeJobs: readonly {
  readonly source: "clip" | "image";
  readonly recipe: Recipe;
  readonly outputs: readonly string[];
  readonly types: readonly string[];
}[] = [
  {
    source: "clip",
    recipe: { name: "thumbnail", at: { seconds: 2 } },
    outputs: ["thumbnail.png"],
    types: ["image/png"],
  },
  {
    source: "clip",
    recipe: {
      name: "watermark",
      image: "watermarks/logo.jpg",
      position: "center",
      scale: 0.2,
      margin: 0,
      opacity: 0.5,
    },
    outputs: ["watermark.mp4"],
    types: ["video/mp4"],
  },
  {
    source: "clip",
    recipe: {
      name: "ladder",
      heights: [180, 90],
      segmentSeconds: 2,
      spriteIntervalSeconds: 1,
      normalizeLoudness: true,
    },
    outputs: ["ladder/"],
    types: [
      ...["application/dash+xml", "application/vnd.apple.mpegurl"],
      ...["audio/mp4", "image/jpeg", "text/vtt", "video/mp4"],
    ],
  },
  {
    source: "clip",
    recipe: { name: "audio", bitRateKbps: 128, loudnessLufs: -16 },
    outputs: ["audio.m4a"],
    types: ["audio/mp4"],
  },
  {
    source: "clip",
    recipe: { name: "clip", start: { seconds: 1 }, durationSeconds: 1 },
    outputs: ["clip.mp4"],
    types: ["video/mp4"],
  },
  {
    source: "clip",
    recipe: { name: "clip", cut: "keyframe", start: { seconds: 1 }, durationSeconds: 1 },
    outputs: ["keyframe-clip.mp4"],
    types: ["video/mp4"],
  },
  {
    source: "clip",
    recipe: { name: "frames", everySeconds: 1, maxWidth: 160, maxHeight: 90, format: "jpg" },
    outputs: ["frames/"],
    types: ["image/jpeg"],
  },
  {
    source: "image",
    recipe: { name: "image", maxWidth: 100, maxHeight: 100, quality: 80 },
    outputs: ["image.avif", "image.webp", "image.png", "image.jpg"],
    types: ["image/avif", "image/jpeg", "image/png", "image/webp"],
  },
  {
    source: "clip",
    recipe: { name: "transcode", preset: "1351620000001-100070" },
    outputs: ["web.mp4"],
    types: ["video/mp4"],
  },
];
describe("the worker image that an installed package builds", function () {
  // The build downloads packages of Debian.
  this.timeout(1_200_000);
  let folder: string;
  let project: string;
  let storage: ImageStorage;
  let root: string;
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
    root = await storage.mount(result.image);
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

  /** Megabytes of an image's compressed layers, and their media types. */
  const readLayers = (manifest: unknown) => {
    const { layers } = manifestSchema.parse(manifest);
    return {
      megabytes: layers.reduce((sum, { size }) => sum + size, 0) / 1e6,
      types: [...new Set(layers.map(({ mediaType }) => mediaType))],
    };
  };

  it("is at most 130 MB compressed, by gzip too", async () => {
    const gzip = readLayers((await registry.manifest(result.after.digest)).body);
    const zstd = readLayers(await storage.compressZstd(result.image));

    console.log(
      `      compressed: gzip ${gzip.megabytes.toFixed(1)} MB, zstd ${zstd.megabytes.toFixed(1)} MB`,
    );
    expect(gzip.types).to.deep.equal(["application/vnd.oci.image.layer.v1.tar+gzip"]);
    expect(zstd.types).to.deep.equal(["application/vnd.oci.image.layer.v1.tar+zstd"]);
    expect(gzip.megabytes).to.be.at.most(130);
    expect(zstd.megabytes).to.be.at.most(gzip.megabytes);
  });

  /** Runs the worker of a job in a container. */
  const runWorker = async (
    recipe: Recipe,
    source: string,
    outputs: readonly string[],
    { mode = "media-user" as ContainerMode, environment = {}, volumes = [] as readonly string[] } = {},
  ) => {
    const job = await machine.claim(recipe, source, outputs);
    // The worker's user may be another than this process's, and root has no capability to open what is another user's.
    const socketFolder = dirname(machine.socket);
    execFileSync("chown", ["-R", mode === "one-user" ? String(user) : "0", machine.root, socketFolder]);
    const run = await storage.run(result.image, {
      environment: {
        ...machine.definition,
        SCRATCH_DIRECTORY: "/scratch",
        JOB_ID: job.id,
        JOB_TABLE: machine.definition.JOBS_TABLE,
        JOB_ATTEMPT: String(job.attempt),
        ...environment,
      },
      volumes: [machine.root, socketFolder, ...volumes],
      mode,
    });
    return { ...run, job, report: (await machine.store.read(job.id))?.report };
  };
  /** Runs a job in a container and returns the media types of its outputs, each once. */
  const runJob = async (recipe: Recipe, source: string, outputs: readonly string[]) => {
    const { code, output, report } = await runWorker(recipe, source, outputs);

    expect(code, output).to.equal(0);
    expect(report?.error).to.equal(undefined);
    const heads = (report?.outputs ?? []).map(({ key }) => machine.objects.head({ bucket: "output", key }));
    return [...new Set((await Promise.all(heads)).map((head) => head?.contentType))].sort();
  };
  const makeMedia = (name: string, ffmpegArguments: string): string => {
    const path = join(machine.root, name);
    execFileSync(machine.programs.ffmpeg, ["-loglevel", "error", ...ffmpegArguments.split(" "), path]);
    return path;
  };
  const video = "-f lavfi -i testsrc=size=320x180:rate=25:duration=3";

  describe("runs with a read-only root", () => {
    const files: Record<"clip" | "image", string> = { clip: "", image: "" };
    before(async () => {
      const subtitles = join(machine.root, "text.srt");
      await writeFile(subtitles, "1\n00:00:00,500 --> 00:00:02,000\nHello\n");
      const inputs = `${video} -f lavfi -i sine=r=48000:d=3 -i ${subtitles}`;
      files.clip = makeMedia("clip.mkv", `${inputs} -map 0 -map 1 -map 2 -pix_fmt yuv420p -c:a aac -c:s srt`);
      files.image = makeMedia("image.jpg", "-f lavfi -i testsrc=size=320x180:rate=1:duration=1");
      await machine.objects.write(
        { bucket: "input", key: "watermarks/logo.jpg" },
        { file: files.image },
        { contentType: "image/jpeg", metadata: {} },
      );
    });

    for (const { source, recipe, outputs, types } of recipeJobs)
      it(`the recipe ${recipe.name}`, async () => {
        expect(await runJob(recipe, files[source], outputs)).to.deep.equal(types);
      });
  });

  describeComponents(() => openImagePrograms(root));

  describe("the processes of media programs", () => {
    const thumbnail = { name: "thumbnail", at: { seconds: 2 } } as const;
    let clip: string;
    let standIns: MediaStandIns;
    before(() => {
      clip = makeMedia("seen.mp4", video);
    });
    beforeEach(async () => {
      standIns = await createMediaStandIns();
    });
    afterEach(() => standIns.close());

    const run = (mode: ContainerMode, { folder, environment }: MediaStandIns) =>
      runWorker(thumbnail, clip, ["thumb/{name}.png"], { mode, environment, volumes: [folder] });

    it("have another user than the worker, no capabilities, and reach neither its environment nor its credentials", async () => {
      const { code, output, report } = await run("media-user", standIns);

      expect(code, output).to.equal(0);
      expect(report?.outputs).to.have.lengthOf(1);
      expect(await standIns.listScratch()).to.deep.equal([]);
      const reports = await standIns.readReports();
      expect([...new Set(reports.map(({ program }) => program))].sort()).to.deep.equal(["ffmpeg", "ffprobe"]);
      for (const { program, status, groups, processes, endpoint, operations } of reports) {
        expect(status, program).to.include({
          Uid: Array(4).fill(mediaUser).join("\t"),
          Gid: Array(4).fill(mediaUser).join("\t"),
          CapInh: "0".repeat(16),
          CapPrm: "0".repeat(16),
          CapEff: "0".repeat(16),
          CapAmb: "0".repeat(16),
          NoNewPrivs: "1",
        });
        expect(groups, program).to.deep.equal([mediaUser]);
        expect(processes, program).to.deep.include({ pid: 1, uid: 0, hasEnvironment: false });
        expect(
          processes.filter(({ uid, hasEnvironment }) => uid !== mediaUser && hasEnvironment),
          program,
        ).to.deep.equal([]);
        expect(Object.keys(endpoint), program).to.not.include(standIns.credentialsPath);
        expect(Object.values(endpoint), program).to.deep.equal(Array(4).fill("not found"));
        expect(operations, program).to.include({
          "signal the worker": "EPERM",
          "become root": "EPERM",
          "join the group of root": "EPERM",
          "read the worker's memory": "EACCES",
        });
      }
      const ffmpeg = reports.find(({ program }) => program === "ffmpeg");
      expect(ffmpeg?.operations).to.include({
        "write beside its folder": "EACCES",
        "write in its folder": "done",
      });
    });

    it("read the worker's credentials if they have its user, so that the test above can fail", async () => {
      const { code, output } = await run("one-user", standIns);

      expect(code, output).to.equal(0);
      const [report] = await standIns.readReports();
      expect(report?.processes).to.deep.include({ pid: 1, uid: user, hasEnvironment: true });
      expect(report?.endpoint[standIns.credentialsPath]).to.include(secretKey);
      expect(report?.operations["signal the worker"]).to.equal("done");
    });

    it("are killed if they stall and ignore SIGTERM, and their folder is deleted", async () => {
      const stalled = await createMediaStandIns({ isStalled: true });
      try {
        const environment = { ...stalled.environment, PROGRESS_TIMEOUT_SECONDS: "1" };
        const { code, output, report } = await run("media-user", { ...stalled, environment });

        expect(code, output).to.equal(65);
        expect(report?.error?.message).to.match(/neither read nor wrote anything for 1 s/);
        expect(await stalled.listScratch()).to.deep.equal([]);
      } finally {
        await stalled.close();
      }
    });
  });

  it("does not start with a media user as an ordinary user", async () => {
    const environment = { ...machine.definition, MEDIA_USER: `${mediaUser}:${mediaUser}` };
    const { code, output } = await storage.run(result.image, { environment, volumes: [], mode: "one-user" });

    expect(code, output).to.equal(64);
    expect(output).to.include("MEDIA_USER is set, but the worker's user is 10001");
  });

  it("has the watcher's program, which answers AWS Lambda and says why it cannot start", async () => {
    const api = await startRuntimeApi();
    try {
      const environment = { AWS_LAMBDA_RUNTIME_API: api.endpoint, SCRATCH_DIRECTORY: "/scratch" };
      const { code, output } = await storage.run(result.image, {
        environment,
        volumes: [],
        mode: "one-user",
        program: "/app/watcher.cjs",
      });

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
