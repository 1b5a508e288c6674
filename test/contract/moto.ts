import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** AWS emulated by moto on a free loopback port, empty at first. */
export interface Moto {
  /** Options for every SDK client. Addressed by IP, S3 uses path-style URLs. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Empties it. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts moto_server, which picks the port itself and says so once it listens.
 *
 * @param environment variables on top of this process's own
 */
export const startMoto = async (environment: Readonly<Record<string, string>> = {}): Promise<Moto> => {
  const server = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(server, "exit");
  const output: string[] = [];
  const endpoint = await new Promise<string>((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`moto_server ended with ${code}: ${output.join("\n")}`)));
    // The log is read to the end, so that a full pipe does not block the server.
    createInterface({ input: server.stderr }).on("line", (line) => {
      const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
      if (output.length < 20) output.push(line);
    });
  });
  return {
    client: {
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "AKIATEST", secretAccessKey: "test" },
    },
    async reset() {
      const { status } = await fetch(`${endpoint}/moto-api/reset`, { method: "POST" });
      if (status !== 200) throw new Error(`moto_server answered ${status} to its reset.`);
    },
    async close() {
      server.kill("SIGKILL");
      await exited;
    },
  };
};
