import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type { FileChooser, Locator, Page } from "playwright-core";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import type { PageSite } from "./page-site.ts";

const MiB = 2 ** 20;

/** Writes a file that is no media: a job of it fails soon. */
export const writeJunk = async (path: string, bytes: number): Promise<void> => {
  const block = Buffer.from(Uint8Array.from({ length: MiB }, (_, index) => (index * 31) % 251));
  const file = await open(path, "w");
  for (let position = 0; position < bytes; position += MiB) {
    block.writeUInt32BE(position);
    await file.write(block, 0, Math.min(MiB, bytes - position), position);
  }
  await file.close();
};

const hashFile = async (path: string): Promise<string> => {
  const hash = createHash("md5");
  await finished(createReadStream(path).on("data", (chunk) => hash.update(chunk)));
  return hash.digest("hex");
};

/** Whether the stored upload has the same bytes as a file. */
export const isStored = async ({ data }: PageSite, key: string, file: string): Promise<boolean> => {
  const store = createLocalObjectStore({ directory: join(data, "objects") });
  const stored = await store.findFile("input", key);
  return stored !== undefined && (await hashFile(stored)) === (await hashFile(file));
};

/** Chooses files by the dialog that a button opens. */
export const chooseFiles = async (
  page: Page,
  button: Locator | string,
  files: Parameters<FileChooser["setFiles"]>[0],
): Promise<void> => {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    (typeof button === "string" ? page.getByRole("button", { name: button, exact: true }) : button).click(),
  ]);
  await chooser.setFiles(files);
};

/** Drops files and folders of this machine on the page, as a user does. */
export const dropPaths = async (page: Page, paths: readonly string[]): Promise<void> => {
  const client = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await client.send("Input.dispatchDragEvent", {
      type,
      x: 300,
      y: 300,
      data: { items: [], files: [...paths], dragOperationsMask: 1 },
    });
  await client.detach();
};

/** The row of a file. */
export const rowOf = (page: Page, name: string): Locator =>
  page.getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });

/** Waits until a row has a status. */
export const waitForStatus = (page: Page, name: string, status: string): Promise<void> =>
  rowOf(page, name).locator(".status").getByText(status, { exact: true }).waitFor();

/** A promise, and what resolves it. */
const createSignal = () => {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
};

/** Watches the parts that a page sends, and can hold them back. */
export interface PartGate {
  /** Numbers of the parts that the server has stored, in order. */
  readonly stored: readonly number[];
  /** Holds parts back from this number on. @returns when the first one is requested */
  holdFrom(partNumber: number): Promise<void>;
  release(): void;
}

/** Opens the gate of the parts of a page. */
export const watchParts = async (page: Page): Promise<PartGate> => {
  const stored: number[] = [];
  let firstHeld = Number.POSITIVE_INFINITY;
  let open = createSignal();
  let held = createSignal();
  const parse = (url: string): number => Number(new URL(url).pathname.split("/").at(-1));
  page.on("response", (response) => {
    if (response.request().method() === "PUT" && response.ok()) stored.push(parse(response.url()));
  });
  await page.route(/\/reelway\/uploads\//, async (route) => {
    if (parse(route.request().url()) >= firstHeld) {
      held.resolve();
      await open.promise;
    }
    // The page may have aborted the request meanwhile.
    await route.continue().catch(() => undefined);
  });
  return {
    stored,
    holdFrom(partNumber) {
      firstHeld = partNumber;
      open = createSignal();
      held = createSignal();
      return held.promise;
    },
    release() {
      firstHeld = Number.POSITIVE_INFINITY;
      open.resolve();
    },
  };
};
