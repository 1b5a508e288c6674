import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { AccessReport } from "./media-stand-in.ts";

/** A key of the task's role, as the credentials endpoint answers it. */
export const secretKey = `stand-in-${randomUUID()}`;

/** Starts an endpoint like the one of a task's credentials: who knows its path, which is random, gets them. */
const startCredentialsEndpoint = async () => {
  const path = `/v2/credentials/${randomUUID()}`;
  const server = createServer((request, response) => {
    response.end(request.url === path ? JSON.stringify({ SecretAccessKey: secretKey }) : "not found");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    path,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

/** Programs that take the place of ffmpeg and ffprobe in a container, with the folders that they need. */
export interface MediaStandIns {
  /** Folder to mount. */
  readonly folder: string;
  /** Path of the credentials endpoint. */
  readonly credentialsPath: string;
  /** Variables of the worker: the programs, the scratch volume and the credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** Reports of the programs that ran. */
  readReports(): Promise<readonly AccessReport[]>;
  /** Folders that are left on the scratch volume. */
  listScratch(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/**
 * Bundles the stand-ins.
 *
 * @param options `isStalled`: ffmpeg does nothing and ignores SIGTERM. @default reports what it can reach, then runs the
 *   real program
 */
export const createMediaStandIns = async ({ isStalled = false } = {}): Promise<MediaStandIns> => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-stand-ins-"));
  const endpoint = await startCredentialsEndpoint();
  const reportFolder = join(folder, "reports");
  const scratch = join(folder, "scratch");
  await chmod(folder, 0o755);
  await mkdir(reportFolder);
  await chmod(reportFolder, 0o777);
  // As in docker/ffmpeg/Dockerfile.
  await mkdir(scratch);
  await chown(scratch, 0, 10_001);
  await chmod(scratch, 0o771);
  const bundle = async (program: string, isProgramStalled: boolean): Promise<string> => {
    const path = join(folder, program);
    await build({
      entryPoints: [fileURLToPath(new URL("media-stand-in.ts", import.meta.url))],
      outfile: path,
      bundle: true,
      platform: "node",
      format: "cjs",
      logLevel: "error",
      banner: { js: "#!/usr/bin/node" },
      define: {
        credentialsOrigin: JSON.stringify(endpoint.origin),
        reportFolder: JSON.stringify(reportFolder),
        isStalled: String(isProgramStalled),
      },
    });
    await chmod(path, 0o755);
    return path;
  };
  return {
    folder,
    credentialsPath: endpoint.path,
    environment: {
      FFMPEG_PATH: await bundle("ffmpeg", isStalled),
      FFPROBE_PATH: await bundle("ffprobe", false),
      SCRATCH_DIRECTORY: scratch,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.origin + endpoint.path,
    },
    readReports: async () =>
      Promise.all(
        (await readdir(reportFolder)).map(async (name) =>
          JSON.parse(await readFile(join(reportFolder, name), "utf8")),
        ),
      ),
    listScratch: () => readdir(scratch),
    async close() {
      endpoint.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
