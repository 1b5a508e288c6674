import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { request as requestHttp } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createDynamoAppearanceStore } from "../../../../adapters/aws/appearance-store.ts";
import { createDynamoJobStore } from "../../../../adapters/aws/job-store.ts";
import { localTableNames, openDatabase } from "../../../../adapters/local/database.ts";
import { serveDatabase } from "../../../../adapters/local/database-socket.ts";
import { createLocalObjectStore } from "../../../../adapters/local/object-store.ts";
import { publishForChild } from "../../../../adapters/local/parent-notifier.ts";
import type { WatcherMessage } from "../../../../adapters/local/watcher-messages.ts";
import { watcherProgram } from "../../../../build/package-directory.ts";
import {
  type Channel,
  selectChannels,
  serializeChannels,
} from "../../../../pipeline/configuration/channels-schema.ts";
import { serializeLimits } from "../../../../pipeline/configuration/route-schema.ts";
import { parseConfiguration } from "../../../../pipeline/configuration/schema.ts";
import type { Notification, Notifier } from "../../../../pipeline/ports/notifier.ts";
import input from "../../../../reelway.config.ts";
import type { MediaPrograms } from "../../../e2e/media-programs.ts";
import { startS3Server } from "../../../faults/s3-server.ts";

const clock = { now: () => new Date() };

/** Sends a request to the socket of a database. */
const forward = async (
  socketPath: string,
  target: string | undefined,
  body: string,
): Promise<{ readonly statusCode: number; readonly body: string }> => {
  const call = requestHttp({
    socketPath,
    method: "POST",
    headers: { "x-amz-target": target ?? "", "content-type": "application/x-amz-json-1.0" },
  });
  call.end(body);
  const [response] = await once(call, "response");
  return { statusCode: response.statusCode ?? 0, body: await text(response) };
};

export interface WatcherMachineOptions {
  readonly programs: MediaPrograms;
  readonly channel: Partial<Channel> & Pick<Channel, "manifestUrl">;
  /** URL of a stand-in for Amazon Rekognition. */
  readonly rekognitionUrl: string;
  /** Passes each request of the database and of the object store. */
  readonly pass?: <T>(kind: string, answer: () => Promise<T>) => Promise<T>;
}
/** A process of the watcher's program. */
export interface WatcherProcess {
  readonly child: ChildProcess;
  /** Messages to the runtime, but for notifications. */
  readonly messages: readonly WatcherMessage[];
  /** Resolves when the process has exited. */
  readonly exited: Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly log: string;
  }>;
}

/** What the watcher's program works with: a database with DynamoDB's API on a socket, S3's API and a folder. */
export const openWatcherMachine = async ({
  programs,
  channel: changes,
  rekognitionUrl,
  pass = (_kind, answer) => answer(),
}: WatcherMachineOptions) => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-watcher-"));
  const scratch = join(folder, "scratch");
  await mkdir(scratch);
  const { channels, limits } = parseConfiguration({
    ...input,
    channels: [
      { name: "news", stages: ["local"], detector: "rekognition", clipLabels: ["Person"], ...changes },
    ],
  });
  const [channel] = selectChannels(channels, "local");
  if (channel === undefined) throw new Error("The configuration has no channel.");
  const database = await openDatabase();
  const socket = await serveDatabase({
    request: (target, body) => pass(target ?? "", () => forward(database.socketPath, target, body)),
    close: async () => undefined,
  });
  const objects = createLocalObjectStore({ directory: join(folder, "objects") });
  const s3 = await startS3Server({
    ...objects,
    head: (...all) => pass("HeadObject", () => objects.head(...all)),
    read: (...all) => pass("GetObject", () => objects.read(...all)),
    write: (...all) => pass("PutObject", () => objects.write(...all)),
  });
  const environment = {
    ...s3.environment,
    AWS_ENDPOINT_URL_REKOGNITION: rekognitionUrl,
    CHANNELS: serializeChannels([channel]),
    CHANNELS_TABLE: localTableNames.channels,
    DETECTIONS_TABLE: localTableNames.detections,
    LABELS_TABLE: localTableNames.labels,
    APPEARANCES_TABLE: localTableNames.appearances,
    JOBS_TABLE: localTableNames.jobs,
    ARCHIVE_BUCKET: "output",
    ARCHIVE_PREFIX: "archive/",
    OUTPUT_BUCKET: "output",
    LIMITS: serializeLimits(limits),
    TOPIC_ARN: "arn:aws:sns:us-east-1:000000000000:finished-jobs",
    SCRATCH_DIRECTORY: scratch,
    DATABASE_SOCKET_PATH: socket.path,
    FFMPEG_PATH: programs.paths.ffmpeg,
    FFPROBE_PATH: programs.paths.ffprobe,
  };
  const children = new Set<ChildProcess>();
  const notifications: Notification[] = [];
  const notifier: Notifier = {
    publish: async (_topic, notification) => void notifications.push(notification),
  };

  return {
    folder,
    scratch,
    objects,
    database,
    notifications,
    store: createDynamoAppearanceStore(database.client, localTableNames, clock, () => channel.retentionDays),
    jobs: createDynamoJobStore(database.client, localTableNames.jobs, clock),
    /** Frees the channel of a killed process, as if its lease had expired. */
    async expireLease() {
      const later = { now: () => new Date(Date.now() + 3_600_000) };
      const store = createDynamoAppearanceStore(database.client, localTableNames, later, () => 1);
      const lease = await store.acquireLease(channel.name, "test", 1);
      if (lease !== undefined) await store.releaseLease(lease);
    },
    /** Starts the program. */
    start(extra: Readonly<Record<string, string>> = {}): WatcherProcess {
      const child = spawn(process.execPath, [watcherProgram], {
        env: { ...environment, ...extra },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      children.add(child);
      const messages: WatcherMessage[] = [];
      let log = "";
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding("utf8").on("data", (part: string) => {
          log += part;
        });
      child.on("message", (message: WatcherMessage) => {
        if (message.kind === "publish") void publishForChild(child, notifier, message);
        else messages.push(message);
      });
      const exited = once(child, "close").then(([code, signal]) => {
        children.delete(child);
        return { code, signal, log };
      });
      return { child, messages, exited };
    },
    async close() {
      for (const child of children) child.kill("SIGKILL");
      await s3.close();
      await socket.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
