import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { type ClientHttp2Session, connect } from "node:http2";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import * as z from "zod";
import { sharedFolder } from "../shared-folder.ts";
import { openProviderProxy } from "./provider-proxy.ts";

/** The AWS provider, which Terraform commands attach to. */
export interface AwsProvider {
  /** What Terraform needs to attach to it (Terraform, "Debugging Providers"). */
  readonly environment: { readonly TF_REATTACH_PROVIDERS: string };
  close(): Promise<void>;
}

const configuration = {
  terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
};
const reattachSchema = z.object({
  "registry.terraform.io/hashicorp/aws": z.looseObject({
    Protocol: z.literal("grpc"),
    ProtocolVersion: z.literal(5),
    Addr: z.object({ Network: z.literal("unix"), String: z.string() }),
  }),
});

/** @returns the provider's path, as Terraform installs it */
const installProvider = async (cwd: string): Promise<string> => {
  await writeFile(join(cwd, "main.tf.json"), JSON.stringify(configuration));
  await promisify(execFile)("terraform", ["init", "-input=false", "-no-color"], {
    cwd,
    env: { ...process.env, CHECKPOINT_DISABLE: "1" },
  });
  const versions = join(cwd, ".terraform/providers/registry.terraform.io/hashicorp/aws/5.100.0");
  for (const platform of await readdir(versions))
    for (const name of await readdir(join(versions, platform)))
      if (name.startsWith("terraform-provider-aws")) return join(versions, platform, name);
  throw new Error(`terraform init left no provider in ${versions}.`);
};
let folder: string | undefined;
let installed: Promise<string> | undefined;
let proxyCount = 0;

/** A process of the provider. */
interface ProviderProcess {
  readonly session: ClientHttp2Session;
  close(): Promise<void>;
}

const startProcess = async (
  path: string,
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<ProviderProcess> => {
  // Terraform's certificates are for the registry; configured for the second time the provider refuses them.
  const { AWS_CA_BUNDLE: _, ...own } = process.env;
  const server = spawn(path, ["-debug"], {
    cwd,
    // Its socket stays where it is made.
    env: { ...own, ...environment, TMPDIR: folder },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(server, "exit");
  const text = await new Promise<string>((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`The AWS provider ended with ${code}.`)));
    createInterface({ input: server.stdout }).on("line", (line) => {
      const found = /TF_REATTACH_PROVIDERS='(.*)'/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const { Addr } = reattachSchema.parse(JSON.parse(text))["registry.terraform.io/hashicorp/aws"];
  const session = connect("http://localhost", { path: Addr.String });
  return {
    session,
    async close() {
      session.destroy();
      server.kill("SIGTERM");
      await ended;
    },
  };
};

/** Lists the types of resources, data sources and ephemeral resources in synthesized stacks. */
export const listTypes = async (directories: readonly string[]): Promise<readonly string[]> => {
  const blocks = z.record(z.string(), z.unknown()).default({});
  const schema = z.looseObject({ resource: blocks, data: blocks, ephemeral: blocks });
  const documents = await Promise.all(
    directories.map(async (directory) =>
      schema.parse(JSON.parse(await readFile(join(directory, "cdk.tf.json"), "utf8"))),
    ),
  );
  return documents.flatMap(({ resource, data, ephemeral }) =>
    [resource, data, ephemeral].flatMap((named) => Object.keys(named)),
  );
};

/**
 * Starts the provider. A Terraform command by itself starts it three times, checks its 700 MB and reads the schemas of
 * its 1,500 types: about 7 s of CPU time. Attached to running processes, and with the schemas of the named types only,
 * it takes 0.3 s.
 *
 * @param environment variables on top of this process's own: the provider's own endpoint and credentials
 * @param types resources, data sources and ephemeral resources of the configurations; Terraform rejects others
 * @param cwd where relative paths of files start, e.g. of S3 objects
 */
export const startAwsProvider = async (
  environment: Readonly<Record<string, string>>,
  types: Iterable<string>,
  cwd = process.cwd(),
): Promise<AwsProvider> => {
  folder ??= sharedFolder("provider");
  installed ??= installProvider(folder);
  const path = await installed;
  const processes: Promise<ProviderProcess>[] = [];
  proxyCount += 1;
  const socket = join(folder, `proxy-${proxyCount}`);
  const proxy = await openProviderProxy({
    socket,
    startProvider: async () => {
      const started = startProcess(path, cwd, environment);
      processes.push(started);
      return (await started).session;
    },
    types,
  });
  const reattach = {
    "registry.terraform.io/hashicorp/aws": {
      Protocol: "grpc",
      ProtocolVersion: 5,
      Pid: process.pid,
      Test: true,
      Addr: { Network: "unix", String: socket },
    },
  };
  return {
    environment: { TF_REATTACH_PROVIDERS: JSON.stringify(reattach) },
    async close() {
      await proxy.close();
      await Promise.all(processes.map(async (started) => (await started).close()));
    },
  };
};
