import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Registry } from "../../../terraform/image/registry.ts";

/** `once` by bcrypt, the one hash that the registry takes. */
const passwords = "AWS:$2b$12$iAEqhifqk/sQ0JGd9.PWV.x6owOZxTilQx0SIt827UlU22MLMQLf.\n";

/** Debian's OCI registry on a free loopback port, which lets nobody in without a login, as Amazon's. */
export interface OciRegistry extends Registry {
  /** Media type and content of a manifest. */
  manifest(digest: string): Promise<{ readonly type: string; readonly body: unknown }>;
  close(): Promise<void>;
}

/** Starts it; the repository is called `worker`. */
export const startRegistry = async (): Promise<OciRegistry> => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-registry-"));
  const configuration = {
    version: 0.1,
    log: { level: "info", formatter: "json" },
    storage: { filesystem: { rootdirectory: join(folder, "images") } },
    auth: { htpasswd: { realm: "registry", path: join(folder, "passwords") } },
    http: { addr: "127.0.0.1:0" },
  };
  await writeFile(join(folder, "passwords"), passwords);
  // JSON is YAML.
  await writeFile(join(folder, "config.yml"), JSON.stringify(configuration));
  const server = spawn("docker-registry", ["serve", join(folder, "config.yml")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(server, "exit");
  const port = await new Promise<string>((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`docker-registry ended with ${code}`)));
    createInterface({ input: server.stderr }).on("line", (line) => {
      const portText = /listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (portText !== undefined) resolve(portText);
    });
  });
  const repository = `127.0.0.1:${port}/worker`;
  const fetchManifest = (reference: string) =>
    fetch(`http://127.0.0.1:${port}/v2/worker/manifests/${reference}`, {
      headers: {
        authorization: `Basic ${Buffer.from("AWS:once").toString("base64")}`,
        accept: [
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.v2+json",
        ].join(", "),
      },
    });
  return {
    uri: async () => repository,
    async findDigest(image) {
      const answer = await fetchManifest("tag" in image ? image.tag : image.digest);
      return answer.ok ? (answer.headers.get("docker-content-digest") ?? undefined) : undefined;
    },
    getCredentials: async () => ({ username: "AWS", password: "once" }),
    async manifest(digest) {
      const answer = await fetchManifest(digest);
      return { type: answer.headers.get("content-type") ?? "", body: await answer.json() };
    },
    async close() {
      server.kill("SIGKILL");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
};
