import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";
import { type Compression, type Engine, engineNames } from "./engine-names.ts";

/** Image platforms by Fargate's CPU architecture. */
export const platforms = { X86_64: "linux/amd64", ARM64: "linux/arm64" } as const;

/** No container engine was found. */
export class EngineNotFoundError extends UserError {
  constructor(requested: Engine | undefined) {
    super(
      requested === undefined
        ? "No container engine was found to build the worker's image: docker (with its daemon running), podman or buildah. Install one, or deploy an existing image: --image URI@DIGEST"
        : `${requested} is not on PATH, or does not run. Choose another with --engine, or deploy an existing image: --image URI@DIGEST`,
    );
  }
}

/** A command of a container engine failed. */
export class EngineError extends UserError {
  constructor(command: string, code: number, stderr: string) {
    super(
      `${command} failed with exit code ${code}. Last output: ${stderr.trim().split("\n").slice(-5).join("\n")}`,
    );
  }
}

interface EngineRun {
  readonly input?: string;
  /** Called with each line of standard output and standard error. */
  readonly report?: (line: string) => void;
}

/** Runs an engine with this process's environment, so that STORAGE_DRIVER, DOCKER_HOST etc. apply. */
const runEngine = async (engine: Engine, args: readonly string[], { input, report }: EngineRun = {}) => {
  const child = spawn(engine, [...args], {
    // With attestations, Docker pushes an index, and the digest would be that of the index.
    env: { ...process.env, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exit = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input ?? "");
  for (const stream of [child.stdout, child.stderr])
    if (report !== undefined) createInterface({ input: stream }).on("line", report);
  const [code, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new EngineError(`${engine} ${args[0]}`, code, stderr || stdout);
  return stdout;
};

/**
 * Finds the first container engine that runs; docker also needs its daemon.
 *
 * @param requested engine to use instead of the first one found
 * @throws EngineNotFoundError
 */
export const findEngine = async (requested?: Engine): Promise<Engine> => {
  for (const engine of requested === undefined ? engineNames : [requested]) {
    const args = engine === "docker" ? ["version", "--format", "{{.Server.Version}}"] : ["--version"];
    const isAvailable = await runEngine(engine, args).then(
      () => true,
      () => false,
    );
    if (isAvailable) return engine;
  }
  throw new EngineNotFoundError(requested);
};

/** Disables TLS verification for a registry on this machine; docker does so by default. */
const getTlsArguments = (engine: Engine, reference: string): readonly string[] =>
  engine !== "docker" && /^(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(reference)
    ? ["--tls-verify=false"]
    : [];

/** Logs in to a registry. The password is sent over standard input, so that process lists do not show it. */
export const logIn = async (
  engine: Engine,
  registry: string,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<void> => {
  const args = [
    "login",
    "--username",
    username,
    "--password-stdin",
    ...getTlsArguments(engine, registry),
    registry,
  ];
  await runEngine(engine, args, { input: password });
};

/** Options of `buildAndPush`. */
export interface BuildImageOptions {
  /** Folder with `Dockerfile`. */
  readonly directory: string;
  /** Name and tag, with the registry's host. */
  readonly reference: string;
  /** Image platform, e.g. `linux/arm64`. */
  readonly platform: string;
  /** Build arguments of the Dockerfile, e.g. `BASE` pinned by digest. @default none */
  readonly buildArguments?: Readonly<Record<string, string>>;
  /** Compression of the layers. docker supports only gzip. @default gzip */
  readonly compression?: Compression;
  /** Whether to build every layer again, on the current image of the base. @default false */
  readonly isRebuild?: boolean;
}

/** Returns the command-line arguments of a build. */
export const getBuildArguments = (options: BuildImageOptions): readonly string[] => [
  "build",
  "--platform",
  options.platform,
  ...(options.isRebuild ? ["--no-cache", "--pull"] : []),
  ...Object.entries(options.buildArguments ?? {}).flatMap(([name, value]) => [
    "--build-arg",
    `${name}=${value}`,
  ]),
  "--tag",
  options.reference,
  "--file",
  join(options.directory, "Dockerfile"),
  options.directory,
];

/** Returns the command-line arguments of a push with podman or buildah. zstd layers exist in OCI manifests only. */
export const getPushArguments = (
  engine: Exclude<Engine, "docker">,
  reference: string,
  digestFile: string,
  compression: Compression = "gzip",
): readonly string[] => [
  "push",
  "--digestfile",
  digestFile,
  ...(compression === "zstd" ? ["--format", "oci", "--compression-format", "zstd"] : []),
  ...getTlsArguments(engine, reference),
  reference,
];

const repoDigests = z.array(z.string());

/** Finds the digest of a pushed image in docker's JSON list of RepoDigests; undefined if its repository is missing. */
export const findDigest = (reference: string, json: string): string | undefined => {
  const repository = reference.replace(/:[^:/]*$/, "");
  const repoDigest = repoDigests.parse(JSON.parse(json)).find((one) => one.startsWith(`${repository}@`));
  return repoDigest?.slice(repository.length + 1);
};

/**
 * Builds an image and pushes it.
 *
 * @returns the digest in the registry
 * @throws EngineError
 */
export const buildAndPush = async (
  engine: Engine,
  options: BuildImageOptions,
  report: (line: string) => void,
): Promise<string> => {
  const { reference } = options;
  await runEngine(engine, getBuildArguments(options), { report });
  if (engine === "docker") {
    await runEngine(engine, ["push", reference], { report });
    const json = await runEngine(engine, [
      "image",
      "inspect",
      "--format",
      "{{json .RepoDigests}}",
      reference,
    ]);
    const digest = findDigest(reference, json);
    if (digest === undefined)
      throw new UserError(`docker image inspect returned no digest for ${reference}.`);
    return digest;
  }
  const directory = await mkdtemp(join(tmpdir(), "reelway-digest-"));
  try {
    const digestFile = join(directory, "digest");
    await runEngine(engine, getPushArguments(engine, reference, digestFile, options.compression), { report });
    return (await readFile(digestFile, "utf8")).trim();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
