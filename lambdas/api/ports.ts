import type { Context } from "hono";
import type { ListedJob } from "../../pipeline/api/job-document.ts";
import type { EngineStatus } from "../../pipeline/api/job-list.ts";
import type { ProblemError } from "../../pipeline/api/problem.ts";
import type { ChannelSettings } from "../../pipeline/configuration/channels-schema.ts";
import type { JobConfiguration } from "../../pipeline/configuration/configuration.ts";
import type { ResponseSettings } from "../../pipeline/configuration/responses-schema.ts";
import type { AppearanceStore } from "../../pipeline/highlights/appearance-store.ts";
import type { Clipper } from "../../pipeline/highlights/clipper.ts";
import type { WorkerHardware } from "../../pipeline/jobs/job-cost.ts";
import type { JobQuery } from "../../pipeline/jobs/list-jobs.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { PlaybackSigner } from "../../pipeline/ports/playback-signer.ts";
import type { RateLimiter } from "../../pipeline/ports/rate-limiter.ts";
import type { SourceSigner } from "../../pipeline/ports/source-signer.ts";
import type { UploadSigner } from "../../pipeline/ports/upload-signer.ts";
import type { ResponseStore } from "../../pipeline/responses/response-store.ts";
import type { RoutingTable } from "../../pipeline/routing/match.ts";
import type { DeletionPorts } from "../../pipeline/videos/deletion.ts";
import type { AuthenticationPorts } from "./authentication.ts";

/** Jobs, newest first, with the cursor of the next page. */
export interface ListedJobPage {
  readonly jobs: readonly ListedJob[];
  readonly cursor?: string;
}

/** Result of looking up a job by an id or a prefix of one. */
export type JobLookupResult =
  | (ListedJob & { readonly kind: "job" })
  | { readonly kind: "missing"; readonly message: string }
  | { readonly kind: "ambiguous"; readonly message: string };

/** The jobs that the API shows and changes. */
export interface ApiJobs {
  /** Bucket of the uploads. */
  readonly inputBucket: string;
  /** @throws StoreFailure `invalid` if the cursor is not valid */
  list(query: JobQuery): Promise<ListedJobPage>;
  /** @param ownerId finds only the jobs of this user; absent: all jobs */
  find(idOrPrefix: string, ownerId?: string): Promise<JobLookupResult>;
  /** @throws OperationRefused */
  cancel(id: string): Promise<void>;
  /** @throws OperationRefused */
  retry(id: string, force: boolean): Promise<void>;
  /** Empty where the engines are not checked. */
  listEngines(): readonly EngineStatus[];
}

/** Uploads by clients without credentials. */
export interface ApiUploads {
  readonly signer: UploadSigner;
  /** True while the storage accepts no upload. */
  isDiskFull(): boolean;
}

/** The videos that the API shows and deletes. They are jobs. */
export interface ApiVideos {
  readonly store: DeletionPorts["jobs"];
  readonly objects: DeletionPorts["objects"];
  /** Signs URLs of uploads. */
  readonly sourceSigner: SourceSigner;
  /** Absent: URLs of outputs need no signature. */
  readonly playbackSigner?: PlaybackSigner;
  readonly clock: Clock;
}

/** The watched channels that the API shows and changes. */
export interface ApiChannels {
  /** In the order of the configuration. */
  readonly settings: readonly ChannelSettings[];
  readonly store: Pick<
    AppearanceStore,
    | "readChannel"
    | "setPaused"
    | "readUsage"
    | "listLabels"
    | "listAppearances"
    | "listOpenAppearances"
    | "listSegments"
    | "readArchiveStart"
  >;
  /** Makes clips of time ranges. */
  readonly clipper: Clipper;
  readonly clock: Clock;
}

/** Videos that people send. */
export interface ApiResponses {
  readonly store: ResponseStore;
  readonly rateLimiter: RateLimiter;
  readonly settings: ResponseSettings;
  /** Routes of the uploads. */
  readonly routes: RoutingTable;
  readonly clock: Clock;
  /** Reads the key of the hashes of e-mail addresses. */
  readKey(): Promise<Uint8Array>;
  /** Network address of the client. */
  getClientAddress(context: Context): string;
}

/** Requests that wait for a change, where the platform can hold a response open. */
export interface WaitLimits {
  /** Concurrent requests that wait for a change of a job or of the list. */
  readonly maxWaitingRequests: number;
  /** Longest time that a request for the list waits, seconds. */
  readonly maxWaitSeconds: number;
  /** Interval of the comments that keep an event stream open, milliseconds. */
  readonly heartbeatMs: number;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
}

/** Ports of the HTTP API. */
export interface ApiPorts {
  readonly jobs: ApiJobs;
  readonly uploads: ApiUploads;
  readonly videos: ApiVideos;
  readonly responses: ApiResponses;
  /** Absent: no channel is watched. */
  readonly channels?: ApiChannels;
  readonly configuration: Pick<JobConfiguration, "routes" | "ignored" | "limits" | "taskSizes">;
  /** What the tasks of jobs run on. Absent: on this machine, for which nothing is billed. */
  readonly workerHardware?: WorkerHardware;
  /** Absent: no `wait` and no event streams. */
  readonly waiting?: WaitLimits;
  /** Keys of 32 bytes for what the API signs for itself; the first signs, all verify. */
  readonly readSigningKeys: () => Promise<readonly Uint8Array[]>;
  /** Absent: every caller may do everything. */
  readonly authentication?: AuthenticationPorts;
  /** Version of Reelway, for the OpenAPI document. */
  readonly version: string;
  /** Converts an error that is not the API's own to a problem; undefined: an internal error. */
  readonly toProblem?: (cause: unknown) => ProblemError | undefined;
  readonly log: Logger;
}
