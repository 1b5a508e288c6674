import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { sharedFolder } from "../shared-folder.ts";

/** The AWS provider as a process of its own, which one Terraform command after the other attaches to. */
export interface AwsProvider {
  /** What Terraform needs to attach to it (Terraform, "Debugging Providers"). */
  readonly environment: { readonly TF_REATTACH_PROVIDERS: string };
  close(): Promise<void>;
}

const configuration = {
  terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
};

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

/**
 * Starts the provider. A Terraform command starts its own one three times and checks its 700 MB each time, which takes
 * more CPU time than the command itself. Commands attach one at a time: each configures the provider again.
 *
 * @param environment variables on top of this process's own: the provider's own endpoint and credentials
 */
export const startAwsProvider = async (
  environment: Readonly<Record<string, string>>,
): Promise<AwsProvider> => {
  // Terraform's certificates are for the registry; configured for the second time the provider refuses them.
  const { AWS_CA_BUNDLE: _, ...own } = process.env;
  folder ??= sharedFolder("provider");
  installed ??= installProvider(folder);
  const server = spawn(await installed, ["-debug"], {
    // Its socket stays where it is made.
    env: { ...own, ...environment, TMPDIR: folder },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(server, "exit");
  const TF_REATTACH_PROVIDERS = await new Promise<string>((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`The AWS provider ended with ${code}.`)));
    createInterface({ input: server.stdout }).on("line", (line) => {
      const found = /TF_REATTACH_PROVIDERS='(.*)'/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return {
    environment: { TF_REATTACH_PROVIDERS },
    async close() {
      server.kill("SIGTERM");
      await ended;
    },
  };
};
