import { copyFile, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { makeClip } from "../e2e/program.ts";
import type { PageSite } from "./page-site.ts";

/** Duration of the sample clip, seconds. */
export const clipSeconds = 6;

/** Makes the sample clip in the data folder, outside of the drop folder. */
export const makeSampleClip = async ({ data }: PageSite): Promise<string> => {
  const path = join(data, "sample.mkv");
  await makeClip(path, clipSeconds);
  return path;
};

/** Puts a file into the drop folder, whole. @param content a path, or the text of the file */
export const drop = async (
  { data }: PageSite,
  key: string,
  content: { readonly path: string } | { readonly text: string },
): Promise<void> => {
  const path = join(data, "input", key);
  const partial = join(data, "partial");
  await mkdir(dirname(path), { recursive: true });
  if ("path" in content) await copyFile(content.path, partial);
  else await writeFile(partial, content.text);
  await rename(partial, path);
};

/** Finds the card of a video. */
export const findCard = (page: Page, title: string): Locator =>
  page.getByRole("listitem").filter({ has: page.getByRole("link", { name: title, exact: true }) });

/** Waits until a video has a status, as its card says. */
export const waitForStatus = (page: Page, title: string, status: string): Promise<void> =>
  findCard(page, title).getByText(status, { exact: true }).waitFor();

/** Selects videos with their checkboxes. */
export const select = async (page: Page, ...titles: readonly string[]): Promise<void> => {
  for (const title of titles)
    await page.getByRole("checkbox", { name: `Select ${title}`, exact: true }).check();
};
