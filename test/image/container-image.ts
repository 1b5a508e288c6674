import { execFile, spawn } from "node:child_process";
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const maxBuffer = 64 << 20;
/** Debian's base takes half a minute to build, so it is cached between runs. */
const cache = fileURLToPath(new URL("../../node_modules/.cache/reelway-image", import.meta.url));
const base = "docker.io/library/debian:bookworm-slim";
const node = "localhost/node:machine";

/** What Debian's slim images leave out. */
const notInSlim = ["info", "lintian", "locale", "man", "doc/*/changelog*"].map(
  (path) => `./usr/share/${path}`,
);

/** Which user a container starts as, with which capabilities. */
export type ContainerMode =
  /** Root with the four capabilities that the task definition leaves, and `MEDIA_USER`. */
  | "media-user"
  /** The image's own user, without capabilities. */
  | "one-user";

const modeArguments: Readonly<Record<ContainerMode, readonly string[]>> = {
  "media-user": [
    ...["--user", "0:0", "--cap-drop", "all", "--cap-add", "CHOWN,KILL,SETGID,SETUID"],
    ...["--env", "MEDIA_USER=10002:10002"],
  ],
  "one-user": ["--cap-drop", "all"],
};

/** Options of `ImageStorage.run`. */
export interface ContainerOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Folders of this machine, mounted at the same path. */
  readonly volumes: readonly string[];
  readonly mode: ContainerMode;
  /** Path of another program of the image. @default the image's entry point */
  readonly program?: string;
}

/** A storage of images for buildah and podman, with the images that docker/ffmpeg/Dockerfile starts from. */
export interface ImageStorage {
  /** Variables with which the engines use this storage. */
  readonly environment: Readonly<Record<string, string>>;
  /** Build arguments of the Dockerfile that name its images. */
  readonly buildArguments: readonly string[];
  /** Pulls an image from a registry on this machine. */
  pull(image: string): Promise<void>;
  /** Runs an image with a read-only root; answers exit code and output, never rejects. */
  run(image: string, options: ContainerOptions): Promise<{ readonly code: number; readonly output: string }>;
  inspect(image: string, format: string): Promise<string>;
  /** Compresses the layers of an image with zstd. @returns its manifest */
  compressZstd(image: string): Promise<unknown>;
  /** Folder with the files of an image. */
  mount(image: string): Promise<string>;
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

/** Opens a storage with Debian's own base and this machine's Node, for builds without a daemon. */
export const openImageStorage = async (): Promise<ImageStorage> => {
  const root = await mkdtemp(join(tmpdir(), "reelway-image-"));
  const settings = [
    '[storage]\ndriver = "vfs"',
    `graphroot = "${join(root, "storage")}"`,
    `runroot = "${join(root, "run")}"`,
  ];
  await writeFile(join(root, "storage.conf"), `${settings.join("\n")}\n`);
  await writeFile(
    join(root, "containers.conf"),
    '[containers]\nnetns = "host"\n[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\n',
  );
  const environment = {
    CONTAINERS_STORAGE_CONF: join(root, "storage.conf"),
    CONTAINERS_CONF: join(root, "containers.conf"),
    REGISTRY_AUTH_FILE: join(root, "auth.json"),
    BUILDAH_ISOLATION: "chroot",
  };
  const podman = (args: readonly string[]) =>
    run("podman", args, { maxBuffer, env: { ...process.env, ...environment } });
  const importFolder = async (folder: string, tag: string): Promise<void> => {
    const tar = spawn("tar", ["-C", folder, ...notInSlim.map((path) => `--exclude=${path}`), "-c", "."], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const importing = podman(["import", "-", tag]);
    if (importing.child.stdin === null) throw new Error("podman import has no standard input");
    await Promise.all([pipeline(tar.stdout, importing.child.stdin), importing]);
  };
  await importFolder(await debianRoot(), base);
  const nodeRoot = join(root, "node");
  await mkdir(join(nodeRoot, "usr/local/bin"), { recursive: true });
  await copyFile(await realpath(process.execPath), join(nodeRoot, "usr/local/bin/node"));
  await importFolder(nodeRoot, node);

  return {
    environment,
    buildArguments: ["--build-arg", `BASE=${base}`, "--build-arg", `NODE_IMAGE=${node}`],
    async pull(image) {
      await podman(["pull", "--quiet", "--tls-verify=false", image]);
    },
    async run(image, { environment: variables, volumes, mode, program }) {
      const limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];
      const environmentArguments = Object.entries(variables).flatMap(([name, value]) => [
        "--env",
        `${name}=${value}`,
      ]);
      const mounts = volumes.flatMap((folder) => ["--volume", `${folder}:${folder}`]);
      const locked = ["--read-only", "--read-only-tmpfs=false", ...modeArguments[mode]];
      try {
        const { stdout, stderr } = await podman([
          ...["run", "--rm", "--network", "host"],
          ...limits,
          ...locked,
          ...mounts,
          ...environmentArguments,
          ...(program === undefined ? [] : ["--entrypoint", JSON.stringify(["/usr/bin/node", program])]),
          image,
        ]);
        return { code: 0, output: stdout + stderr };
      } catch (failed) {
        if (!(failed instanceof Error) || !("code" in failed) || typeof failed.code !== "number")
          throw failed;
        return { code: failed.code, output: failed.message };
      }
    },
    async inspect(image, format) {
      const { stdout } = await podman(["image", "inspect", "--format", format, image]);
      return stdout.trim();
    },
    // Not to the registry: for layers that it has, podman keeps the gzip layers.
    async compressZstd(image) {
      const folder = join(root, "zstd");
      await podman([
        "push",
        "--compress",
        "--format",
        "oci",
        "--compression-format",
        "zstd",
        image,
        `dir:${folder}`,
      ]);
      return JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
    },
    async mount(image) {
      const { stdout } = await podman(["image", "mount", image]);
      return stdout.trim();
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
};
