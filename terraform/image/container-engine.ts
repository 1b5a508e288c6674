import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";

/** Programs that build and push images, in the order they are looked for. */
export const engineNames = ["docker", "podman", "buildah"] as const;
export type Engine = (typeof engineNames)[number];

/** What Fargate calls a processor, and what images call it. */
export const platforms = { X86_64: "linux/amd64", ARM64: "linux/arm64" } as const;

/** No program here builds images. */
export class EngineNotFoundError extends UserError {
  constructor(requested: Engine | undefined) {
    super(
      requested === undefined
        ? "No docker (with its daemon running), podman or buildah is here to build the worker's image. Install one, or name an image that is built: --image URI@DIGEST"
        : `${requested} is not on PATH, or does not run. Choose another with --engine, or name an image that is built: --image URI@DIGEST`,
    );
  }
}

/** An engine could not do what it was asked. */
export class EngineError extends UserError {
  constructor(command: string, code: number, stderr: string) {
    super(`${command} ended with ${code}. Its last words: ${stderr.trim().split("\n").slice(-5).join("\n")}`);
  }
}

interface EngineRun {
  readonly input?: string;
  /** Told each line of either output. */
  readonly report?: (line: string) => void;
}

/** Runs an engine with this process's environment, so that STORAGE_DRIVER, DOCKER_HOST and the like count. */
const runEngine = async (engine: Engine, args: readonly string[], { input, report }: EngineRun = {}) => {
  const child = spawn(engine, [...args], {
    // Docker's attestations would make an index of what is one image, and the digest would be the index's.
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
 * Finds the engine that is there and answers: docker only where its daemon does.
 *
 * @param requested by name, instead of the first that is found
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

/** A registry on this machine has no certificate; docker knows by itself. */
const getTlsArguments = (engine: Engine, reference: string): readonly string[] =>
  engine !== "docker" && /^(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(reference)
    ? ["--tls-verify=false"]
    : [];

/** Logs in to a registry; the password goes over standard input, where no list of processes shows it. */
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

export interface BuildImageOptions {
  /** Folder with `Dockerfile`. */
  readonly directory: string;
  /** Name and tag, with the registry's host. */
  readonly reference: string;
  /** As images call it: `linux/arm64`. */
  readonly platform: string;
  /** Given to the Dockerfile's ARGs, e.g. `BASE` pinned by digest. @default none */
  readonly buildArguments?: Readonly<Record<string, string>>;
}

/** The words of a build. */
export const getBuildArguments = (options: BuildImageOptions): readonly string[] => [
  "build",
  "--platform",
  options.platform,
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

const repoDigests = z.array(z.string());

/** The digest that a pushed image has in its repository, of all those that docker knows the image by. */
export const findDigest = (reference: string, json: string): string | undefined => {
  const repository = reference.replace(/:[^:/]*$/, "");
  const repoDigest = repoDigests.parse(JSON.parse(json)).find((one) => one.startsWith(`${repository}@`));
  return repoDigest?.slice(repository.length + 1);
};

/**
 * Builds an image and pushes it.
 *
 * @returns the digest that the registry knows it by
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
      throw new UserError(`docker does not say which digest ${reference} was pushed as.`);
    return digest;
  }
  const directory = await mkdtemp(join(tmpdir(), "reelway-digest-"));
  try {
    const digestFile = join(directory, "digest");
    await runEngine(
      engine,
      ["push", "--digestfile", digestFile, ...getTlsArguments(engine, reference), reference],
      { report },
    );
    return (await readFile(digestFile, "utf8")).trim();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
