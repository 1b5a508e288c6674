import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import * as z from "zod";
import { type RunningRuntime, startReelway } from "../e2e/program.ts";
import { openBrowser } from "./browser.ts";

/** A tab of the page, in a profile of its own. */
export interface PageTab {
  readonly page: Page;
  /** Errors of scripts, and violations of the content security policy. A test expects none. */
  readonly failures: readonly string[];
}

/** The page of a running runtime. */
export interface PageSite {
  readonly origin: string;
  /** Data folder of the runtime. */
  readonly data: string;
  readonly browser: Browser;
  /** Opens a path in a fresh profile. */
  open(path: string, options?: BrowserContextOptions): Promise<PageTab>;
  /** Stops the runtime, and starts it again on the same port. @param change changes the data folder in between */
  restart(change?: (data: string) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Starts a runtime with an empty data folder. @param options of `reelway start` */
export const openPageSite = async (...options: readonly string[]): Promise<PageSite> => {
  const data = await mkdtemp(join(tmpdir(), "reelway-page-"));
  let runtime: RunningRuntime = await startReelway(data, 0, ...options);
  const browser = await openBrowser();
  const { port } = runtime;
  const origin = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    runtime.child.kill("SIGTERM");
    await runtime.exited;
  };
  return {
    origin,
    data,
    browser,
    async open(path, contextOptions = {}) {
      const context = await browser.newContext(contextOptions);
      const page = await context.newPage();
      const failures: string[] = [];
      page.on("pageerror", (error) => failures.push(error.message));
      page.on("console", (message) => {
        if (/Content Security Policy/i.test(message.text())) failures.push(message.text());
      });
      await page.goto(`${origin}${path}`);
      return { page, failures };
    },
    async restart(change) {
      await stop();
      await change?.(data);
      runtime = await startReelway(data, port, ...options);
    },
    async close() {
      await browser.close();
      await stop();
      await rm(data, { recursive: true, force: true });
    },
  };
};

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const violationsSchema = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }),
);

/** Checks a page with axe-core: WCAG 2.2 A and AA, and best practices. */
export const expectAccessible = async (page: Page): Promise<void> => {
  // The page's policy has no exception for it: the browser's debugging protocol evaluates it.
  await page.evaluate(await readFile(axePath, "utf8"));
  const violations = violationsSchema.parse(
    await page.evaluate("axe.run(document).then(({ violations }) => JSON.parse(JSON.stringify(violations)))"),
  );
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect(found, page.url()).to.deep.equal([]);
};
