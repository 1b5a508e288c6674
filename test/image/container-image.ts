import { execFile, spawn } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, realpath, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createGzip } from "node:zlib";
import { workerDirectory } from "../../build/package-directory.ts";

const run = promisify(execFile);
const maxBuffer = 64 << 20;
/** Debian's base takes half a minute to build, so it is cached between runs. */
const cache = fileURLToPath(new URL("../../node_modules/.cache/reelway-image", import.meta.url));
const base = "docker.io/library/debian:bookworm-slim";
const node = "localhost/node:machine";

/** A built image, in a storage of its own. */
export interface ContainerImage {
  /** Bytes of all layers, compressed by gzip as a registry keeps them. */
  compressedBytes(): Promise<number>;
  /** Runs the image with a read-only root; answers exit code and output, never rejects. */
  run(
    environment: Readonly<Record<string, string>>,
    volumes: readonly string[],
  ): Promise<{ readonly code: number; readonly output: string }>;
  inspect(format: string): Promise<string>;
  remove(): Promise<void>;
}

const debianRoot = async (): Promise<string> => {
  const root = join(cache, "bookworm");
  const complete = await stat(join(root, "etc/debian_version")).then(
    () => true,
    () => false,
  );
  if (complete) return root;
  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(join(cache, "making-"));
  await run("debootstrap", ["--variant=minbase", "bookworm", making], { maxBuffer });
  await rm(root, { recursive: true, force: true });
  // The base's own root must be open to the image's user; the downloaded packages are no part of a slim base.
  await chmod(making, 0o755);
  await rm(join(making, "var/cache/apt"), { recursive: true, force: true });
  await rm(join(making, "var/lib/apt/lists"), { recursive: true, force: true });
  await rename(making, root);
  return root;
};

/** Builds docker/ffmpeg/Dockerfile without a daemon, on Debian's own base and this machine's Node. */
export const buildImage = async (): Promise<ContainerImage> => {
  const root = await mkdtemp(join(tmpdir(), "reelway-image-"));
  const storage = [
    "--root",
    join(root, "storage"),
    "--runroot",
    join(root, "run"),
    "--storage-driver",
    "vfs",
  ];
  const importFolder = async (folder: string, tag: string): Promise<void> => {
    const tar = spawn("tar", ["-C", folder, "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
    const importing = run("podman", [...storage, "import", "-", tag], { maxBuffer });
    if (importing.child.stdin === null) throw new Error("podman import has no standard input");
    await Promise.all([pipeline(tar.stdout, importing.child.stdin), importing]);
  };
  await importFolder(await debianRoot(), base);
  const nodeRoot = join(root, "node");
  await mkdir(join(nodeRoot, "usr/local/bin"), { recursive: true });
  await copyFile(await realpath(process.execPath), join(nodeRoot, "usr/local/bin/node"));
  await importFolder(nodeRoot, node);
  const image = "localhost/reelway-ffmpeg";
  const buildOptions = ["--build-arg", `BASE=${base}`, "--build-arg", `NODE_IMAGE=${node}`, "-t", image];
  await run(
    "buildah",
    [
      ...storage,
      "bud",
      ...["--isolation", "chroot", "--network", "host", "--pull-never"],
      ...buildOptions,
      workerDirectory,
    ],
    { maxBuffer },
  );
  const podman = [...storage, "--runtime", "runc", "--cgroup-manager", "cgroupfs"];

  return {
    async compressedBytes() {
      const save = spawn("podman", [...storage, "save", image], { stdio: ["ignore", "pipe", "inherit"] });
      let bytes = 0;
      await pipeline(save.stdout, createGzip({ level: 6 }), async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) bytes += chunk.length;
      });
      return bytes;
    },
    async run(environment, volumes) {
      const limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];
      const variables = Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
      const mounts = volumes.flatMap((folder) => ["--volume", `${folder}:${folder}`]);
      const locked = ["--read-only", "--read-only-tmpfs=false", "--cap-drop", "all"];
      try {
        const { stdout, stderr } = await run(
          "podman",
          [
            ...podman,
            "run",
            "--rm",
            "--network",
            "host",
            ...limits,
            ...locked,
            ...mounts,
            ...variables,
            image,
          ],
          { maxBuffer },
        );
        return { code: 0, output: stdout + stderr };
      } catch (failed) {
        if (!(failed instanceof Error) || !("code" in failed) || typeof failed.code !== "number")
          throw failed;
        return { code: failed.code, output: failed.message };
      }
    },
    async inspect(format) {
      const { stdout } = await run("podman", [...storage, "image", "inspect", "--format", format, image]);
      return stdout.trim();
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
};
