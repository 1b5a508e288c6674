/** Why a file is not sent now, or that it is. */
export type TransferState =
  | { readonly kind: "waiting" | "sending" | "paused" | "connection" | "session" }
  /** After a reload, the page needs the file again. */
  | { readonly kind: "file-needed"; readonly mismatch?: string }
  /** An earlier upload has the same key. @property createdAt when, ISO 8601 */
  | { readonly kind: "exists"; readonly createdAt: string }
  | { readonly kind: "failed"; readonly reason: string };

/** Whether a file is sent, or will be by itself. */
export const isPausable = ({ kind }: TransferState): boolean =>
  kind === "sending" || kind === "waiting" || kind === "connection" || kind === "session";

/** A file that is not completely sent. */
export interface TransferRow {
  readonly kind: "transfer";
  readonly id: string;
  readonly name: string;
  /** Destination and folders; empty, or ends in `/`. */
  readonly folder: string;
  readonly bytes: number;
  readonly sentBytes: number;
  readonly state: TransferState;
  readonly bytesPerSecond: number | undefined;
  /** What the user has to know besides the state. */
  readonly note: string | undefined;
}

/** An upload that is complete. */
export interface CompletedRow {
  readonly kind: "completed";
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly bytes: number;
  readonly key: string;
  readonly hasJob: boolean;
  /** When the upload started by the server's clock, milliseconds since 1970. */
  readonly startedAtMs: number;
  /** Undefined until the job is found. */
  readonly jobId: string | undefined;
}

/** A row of the list of uploads. */
export type UploadRow = TransferRow | CompletedRow;

/** Creates the ids of the rows of files that are added together. */
export const createRowIds = (nowMs: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${nowMs}-${index}`);

/** Orders rows: files that were added last are first, those added together keep their order. */
export const sortRows = <Row extends { readonly id: string }>(rows: readonly Row[]): readonly Row[] => {
  const split = ({ id }: Row) => id.split("-").map(Number);
  return [...rows].sort((a, b) => {
    const [batchA = 0, indexA = 0] = split(a);
    const [batchB = 0, indexB = 0] = split(b);
    return batchB - batchA || indexA - indexB;
  });
};

/** Whether a file needs a decision of the user, or is being sent: its row is shown before those that wait. */
const hasPriority = ({ state }: TransferRow): boolean => state.kind !== "waiting" && state.kind !== "paused";

/**
 * Limits the transfers that are shown, in their order: a folder can have thousands of files.
 *
 * @returns at most `maxRows`, preferably those that have priority
 */
export const limitTransfers = (rows: readonly TransferRow[], maxRows: number): readonly TransferRow[] => {
  if (rows.length <= maxRows) return rows;
  const shown = new Set(
    [...rows].sort((a, b) => Number(hasPriority(b)) - Number(hasPriority(a))).slice(0, maxRows),
  );
  return rows.filter((row) => shown.has(row));
};

/** Returns the previous row if it equals the next one, so that it is not rendered again. */
export const reuseRow = (previous: TransferRow | undefined, next: TransferRow): TransferRow =>
  previous !== undefined && JSON.stringify(previous) === JSON.stringify(next) ? previous : next;

/** Percent of a transfer, rounded down: 100 means that everything is sent. */
export const toPercent = (sentBytes: number, bytes: number): number =>
  bytes === 0 ? 0 : Math.min(100, Math.floor((sentBytes / bytes) * 100));

/** Files that have been sent since all were. */
export interface SentFiles {
  readonly files: number;
  readonly bytes: number;
}

/** What the transfers are together, with the files that have been sent already. */
export interface TransferSummary extends SentFiles {
  readonly sentBytes: number;
  readonly bytesPerSecond: number;
  readonly canPause: boolean;
  readonly canResume: boolean;
  /** Transfers that wait for a decision about an earlier upload. */
  readonly undecided: number;
}

/** Adds up the transfers. */
export const summarize = (rows: readonly TransferRow[], sent: SentFiles): TransferSummary => ({
  files: rows.length + sent.files,
  bytes: rows.reduce((sum, { bytes }) => sum + bytes, sent.bytes),
  sentBytes: rows.reduce((sum, { sentBytes }) => sum + sentBytes, sent.bytes),
  bytesPerSecond: rows.reduce(
    (sum, { state, bytesPerSecond = 0 }) => sum + (state.kind === "sending" ? bytesPerSecond : 0),
    0,
  ),
  canPause: rows.some(({ state }) => isPausable(state)),
  canResume: rows.some(({ state }) => state.kind === "paused"),
  undecided: rows.filter(({ state }) => state.kind === "exists").length,
});
