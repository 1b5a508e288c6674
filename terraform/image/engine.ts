import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import * as z from "zod";

/** Programs that build and push images, in the order they are looked for. */
export const engines = ["docker", "podman", "buildah"] as const;
export type Engine = (typeof engines)[number];

/** What Fargate calls a processor, and what images call it. */
export const platforms = { X86_64: "linux/amd64", ARM64: "linux/arm64" } as const;

/** No program here builds images. */
export class NoEngine extends Error {
  constructor(asked: Engine | undefined) {
    super(
      asked === undefined
        ? "No docker (with its daemon running), podman or buildah is here to build the worker's image. Install one, or name an image that is built: --image URI@DIGEST"
        : `${asked} is not on PATH, or does not run. Choose another with --engine, or name an image that is built: --image URI@DIGEST`,
    );
    this.name = "NoEngine";
  }
}

/** An engine could not do what it was asked. */
export class EngineFailed extends Error {
  constructor(command: string, code: number, said: string) {
    super(`${command} ended with ${code}. Its last words: ${said.trim().split("\n").slice(-5).join("\n")}`);
    this.name = "EngineFailed";
  }
}

interface EngineRun {
  readonly input?: string;
  /** Told each line of either output. */
  readonly say?: (line: string) => void;
}

/** Runs an engine with this process's environment, so that STORAGE_DRIVER, DOCKER_HOST and the like count. */
const run = async (engine: Engine, words: readonly string[], { input, say }: EngineRun = {}) => {
  const child = spawn(engine, [...words], {
    // Docker's attestations would make an index of what is one image, and the digest would be the index's.
    env: { ...process.env, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input ?? "");
  for (const stream of [child.stdout, child.stderr])
    if (say !== undefined) createInterface({ input: stream }).on("line", say);
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new EngineFailed(`${engine} ${words[0]}`, code, stderr || stdout);
  return stdout;
};

/**
 * Finds the engine that is there and answers: docker only where its daemon does.
 *
 * @param asked by name, instead of the first that is found
 * @throws NoEngine
 */
export const findEngine = async (asked?: Engine): Promise<Engine> => {
  for (const engine of asked === undefined ? engines : [asked]) {
    const words = engine === "docker" ? ["version", "--format", "{{.Server.Version}}"] : ["--version"];
    const answers = await run(engine, words).then(
      () => true,
      () => false,
    );
    if (answers) return engine;
  }
  throw new NoEngine(asked);
};

/** A registry on this machine has no certificate; docker knows by itself. */
const plain = (engine: Engine, reference: string): readonly string[] =>
  engine !== "docker" && /^(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(reference)
    ? ["--tls-verify=false"]
    : [];

/** Logs in to a registry; the password goes over standard input, where no list of processes shows it. */
export const logIn = async (
  engine: Engine,
  registry: string,
  { user, password }: { readonly user: string; readonly password: string },
): Promise<void> => {
  const words = ["login", "--username", user, "--password-stdin", ...plain(engine, registry), registry];
  await run(engine, words, { input: password });
};

export interface BuildOrder {
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
export const buildWords = (order: BuildOrder): readonly string[] => [
  "build",
  "--platform",
  order.platform,
  ...Object.entries(order.buildArguments ?? {}).flatMap(([name, value]) => [
    "--build-arg",
    `${name}=${value}`,
  ]),
  "--tag",
  order.reference,
  "--file",
  join(order.directory, "Dockerfile"),
  order.directory,
];

const repoDigests = z.array(z.string());

/** The digest that a pushed image has in its repository, of all those that docker knows the image by. */
export const digestOf = (reference: string, json: string): string | undefined => {
  const repository = reference.replace(/:[^:/]*$/, "");
  const found = repoDigests.parse(JSON.parse(json)).find((one) => one.startsWith(`${repository}@`));
  return found?.slice(repository.length + 1);
};

/**
 * Builds an image and pushes it.
 *
 * @returns the digest that the registry knows it by
 * @throws EngineFailed
 */
export const buildAndPush = async (
  engine: Engine,
  order: BuildOrder,
  say: (line: string) => void,
): Promise<string> => {
  const { reference } = order;
  await run(engine, buildWords(order), { say });
  if (engine === "docker") {
    await run(engine, ["push", reference], { say });
    const json = await run(engine, ["image", "inspect", "--format", "{{json .RepoDigests}}", reference]);
    const digest = digestOf(reference, json);
    if (digest === undefined) throw new Error(`docker does not say which digest ${reference} was pushed as.`);
    return digest;
  }
  const directory = await mkdtemp(join(tmpdir(), "reelway-digest-"));
  try {
    const file = join(directory, "digest");
    await run(engine, ["push", "--digestfile", file, ...plain(engine, reference), reference], { say });
    return (await readFile(file, "utf8")).trim();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
