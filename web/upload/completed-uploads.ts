import { type Signal, signal } from "@preact/signals";
import { readItem, writeItem } from "./browser-storage.ts";
import type { CompletedRow } from "./upload-rows.ts";

/** Rows that are kept; older ones are dropped. */
const maxRows = 100;
const keptMs = 7 * 24 * 60 * 60 * 1000;

const isRow = (value: unknown): value is CompletedRow =>
  typeof value === "object" &&
  value !== null &&
  "kind" in value &&
  value.kind === "completed" &&
  "id" in value &&
  typeof value.id === "string" &&
  "key" in value &&
  typeof value.key === "string" &&
  "startedAtMs" in value &&
  typeof value.startedAtMs === "number";

const read = (name: string): readonly CompletedRow[] => {
  try {
    const stored: unknown = JSON.parse(readItem(name) ?? "[]");
    return Array.isArray(stored)
      ? stored.filter(isRow).filter(({ startedAtMs }) => startedAtMs > Date.now() - keptMs)
      : [];
  } catch {
    return [];
  }
};

/** Completed uploads, which survive a reload. */
export interface CompletedUploads {
  readonly rows: Signal<readonly CompletedRow[]>;
  add(row: CompletedRow): void;
  update(id: string, patch: Pick<CompletedRow, "jobId">): void;
  remove(ids: readonly string[]): void;
}

/** Opens the completed uploads of a user. @param name of the item in the browser's storage */
export const openCompletedUploads = (name: string): CompletedUploads => {
  const rows = signal(read(name));
  // Another tab has changed them.
  window.addEventListener("storage", ({ key }) => {
    if (key === name) rows.value = read(name);
  });
  const write = (next: readonly CompletedRow[]): void => {
    rows.value = next.slice(0, maxRows);
    writeItem(name, JSON.stringify(rows.value));
  };
  return {
    rows,
    add: (row) => write([row, ...rows.value]),
    update: (id, patch) => write(rows.value.map((row) => (row.id === id ? { ...row, ...patch } : row))),
    remove: (ids) => write(rows.value.filter(({ id }) => !ids.includes(id))),
  };
};
