import { createReadStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import * as z from "zod";
import { CommandFailed, oneLine } from "../pipeline/errors/user-error.ts";
import type { Job } from "../pipeline/jobs/job.ts";
import { engines } from "../pipeline/routing/route.ts";
import type { ListedJob, UploadAnswer } from "./control.ts";
import { dataFolder } from "./data-folder.ts";
import { runningPort } from "./lock.ts";

/** The server is this program's own, of the same version: a job's outline is checked, its inside is trusted. */
const job = z.custom<Job>(
  (value) =>
    z
      .looseObject({
        id: z.string(),
        status: z.string(),
        attempt: z.number(),
        source: z.looseObject({ key: z.string() }),
      })
      .safeParse(value).success,
);
const listedJob = z.object({
  job,
  paths: z.record(z.string(), z.string()),
  pendingReason: z.string().optional(),
});
const engineStatus = z.object({
  name: z.enum(engines),
  status: z.enum(["working", "failing"]),
  message: z.string().nullable(),
});
const jobList = z.object({ jobs: z.array(listedJob), engines: z.array(engineStatus) });
/** The newest jobs of a runtime, with the state of its engines. */
export type JobList = z.infer<typeof jobList>;
const uploadAnswer = z.object({
  bucket: z.string(),
  key: z.string(),
  bytes: z.number(),
  job: z.string().nullable(),
});
const subscription = z.object({ topic: z.string(), url: z.string() });
const subscriptionList = z.object({ subscriptions: z.array(subscription) });
/** An HTTP subscriber of a topic. */
export type Subscription = z.infer<typeof subscription>;
const refusal = z.object({ message: z.string() });

/** How fetch says that a body was not as long as announced. */
const changedLength = /content-length/i;

/** Where a runtime is looked for. */
export interface RuntimePlace {
  readonly data: string;
  readonly port?: number;
}

/** A file that a person named, and the key it gets. */
export interface NamedFile {
  /** Absolute. */
  readonly path: string;
  readonly key: string;
  readonly bytes: number;
}

/** A running runtime, as commands speak with it. */
export interface RuntimeClient {
  upload(
    file: NamedFile,
    metadata: Readonly<Record<string, string>>,
    onProgress: (bytes: number) => void,
  ): Promise<UploadAnswer>;
  /** @param known answer of an earlier call: then waits for a change, up to 20 s */
  jobs(limit: number, known?: string): Promise<{ readonly list: JobList | undefined; readonly etag: string }>;
  job(id: string): Promise<ListedJob>;
  cancel(id: string): Promise<ListedJob>;
  retry(id: string, force: boolean): Promise<ListedJob>;
  subscriptions(): Promise<readonly Subscription[]>;
  subscribe(subscription: Subscription): Promise<void>;
  unsubscribe(subscription: Subscription): Promise<void>;
}

const answerOf = async <Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
): Promise<z.output<Schema>> => {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new CommandFailed(
      `The runtime answered ${response.status} without JSON: is something else at that port?`,
    );
  }
  if (!response.ok) {
    const told = refusal.safeParse(body);
    throw new CommandFailed(told.success ? told.data.message : `The runtime answered ${response.status}.`);
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success)
    throw new CommandFailed(
      "The runtime's answer is not understood: is it of another version? Start it anew.",
    );
  return parsed.data;
};

/** The client of the runtime at a port of this machine. */
export const createClient = (port: number): RuntimeClient => {
  const base = `http://127.0.0.1:${port}/reelway`;
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    try {
      return await fetch(`${base}${path}`, init);
    } catch (cause) {
      const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
      throw new CommandFailed(
        `No runtime answers at 127.0.0.1:${port} (${oneLine(why)}). Start it in another terminal: npm start`,
        { cause },
      );
    }
  };
  const resolveId = async (id: string): Promise<string> =>
    (await answerOf(await ask(`/jobs/${encodeURIComponent(id)}`), listedJob)).job.id;
  const post = async (path: string, body: unknown): Promise<ListedJob> =>
    answerOf(
      await ask(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
      listedJob,
    );
  const changeSubscriptions = async (method: string, given: Subscription): Promise<void> => {
    const init = {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(given),
    };
    await answerOf(await ask("/subscriptions", init), subscriptionList);
  };
  return {
    async upload(file, metadata, onProgress) {
      const query = new URLSearchParams({ key: file.key });
      for (const [name, value] of Object.entries(metadata)) query.append("metadata", `${name}=${value}`);
      let sent = 0;
      const counter = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          sent += chunk.byteLength;
          onProgress(chunk.byteLength);
          done(null, chunk);
        },
      });
      const source = createReadStream(file.path);
      let unreadable: Error | undefined;
      source.on("error", (cause) => {
        unreadable = cause;
        counter.destroy(cause);
      });
      const init: RequestInit = {
        method: "PUT",
        headers: { "content-length": String(file.bytes) },
        body: Readable.toWeb(source.pipe(counter)) as unknown as ReadableStream,
        // Required of a streamed body by the Fetch standard.
        duplex: "half",
      };
      let response: Response;
      try {
        response = await ask(`/objects?${query}`, init);
      } catch (cause) {
        if (unreadable !== undefined)
          throw new CommandFailed(`${file.path} cannot be read: ${oneLine(unreadable)}.`, { cause });
        if (sent !== file.bytes && changedLength.test(oneLine(cause)))
          throw new CommandFailed(`${file.path} changed while it was uploaded. Upload it once it is whole.`, {
            cause,
          });
        throw cause;
      } finally {
        source.destroy();
      }
      return answerOf(response, uploadAnswer);
    },
    async jobs(limit, known) {
      const response = await ask(`/jobs?limit=${limit}${known === undefined ? "" : "&wait=20"}`, {
        headers: known === undefined ? {} : { "if-none-match": known },
      });
      const etag = response.headers.get("etag") ?? "";
      if (response.status === 304) return { list: undefined, etag };
      return { list: await answerOf(response, jobList), etag };
    },
    async job(id) {
      return answerOf(await ask(`/jobs/${encodeURIComponent(id)}`), listedJob);
    },
    cancel: async (id) => post(`/jobs/${await resolveId(id)}/cancel`, {}),
    retry: async (id, force) => post(`/jobs/${await resolveId(id)}/retry`, { force }),
    subscriptions: async () => (await answerOf(await ask("/subscriptions"), subscriptionList)).subscriptions,
    subscribe: (given) => changeSubscriptions("PUT", given),
    unsubscribe: (given) => changeSubscriptions("DELETE", given),
  };
};

/**
 * Finds the runtime: at the port given, else by the data folder.
 *
 * @throws CommandFailed where none runs
 */
export const findRuntime = async ({ data, port }: RuntimePlace): Promise<RuntimeClient> => {
  const folder = dataFolder(data);
  const found = port ?? (await runningPort(folder.lock));
  if (found === undefined)
    throw new CommandFailed(
      `No runtime is running on the data folder ${folder.root}. Start it in another terminal: npm start${data === ".reelway" ? "" : ` -- --data ${data}`}`,
    );
  return createClient(found);
};
