import type { VersionMarker } from "../ports/object-store.ts";

/** Since when uploads of a route become jobs. */
export interface RouteRegistration {
  /** Name of the route; null for uploads without a route. */
  readonly route: string | null;
  /** Hash of what decides which keys belong to the route (`pipeline/routing/route-selection.ts`). */
  readonly selection: string;
  /** ISO 8601, a whole second. */
  readonly since: string;
}

/** The registered routes of a bucket. */
export interface RouteRegistry {
  /** Number of changes; 0 if nothing was registered. */
  readonly revision: number;
  readonly registrations: readonly RouteRegistration[];
}

/** Where the next run of the sweep continues in a bucket. */
export interface SweepCursor {
  /** Prefix that is listed. */
  readonly prefix: string;
  /** Absent: from the first key of the prefix. */
  readonly after?: VersionMarker | undefined;
  /** When the current pass over the bucket began, ISO 8601. */
  readonly passStartedAt: string;
}

/** What the sweep keeps between its runs, in the `jobs` table. All methods reject with `StoreFailure`. */
export interface SweepStore {
  readRegistry(bucket: string): Promise<RouteRegistry>;
  /** Replaces the registrations of a bucket. Returns false if the revision has changed. */
  replaceRegistry(
    bucket: string,
    revision: number,
    registrations: readonly RouteRegistration[],
  ): Promise<boolean>;
  /** Returns undefined if the next run begins a pass. */
  readCursor(bucket: string): Promise<SweepCursor | undefined>;
  /** @param cursor undefined at the end of a pass */
  writeCursor(bucket: string, cursor: SweepCursor | undefined): Promise<void>;
}
