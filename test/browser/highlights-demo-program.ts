import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bin } from "../e2e/program.ts";

/** A running `reelway highlights demo --json --serve`. */
export interface HighlightsDemo {
  /** Address of the view of the highlights. */
  readonly address: string;
  /** Waits until the channel has ended and its clips are made. */
  readonly finished: Promise<unknown>;
  /** Stops the demo. Returns its JSON document. */
  stop(): Promise<string>;
}

/** Waits for a text that a process writes to standard error. Returns the first group. @throws Error if it ends before */
const waitForText = (child: ChildProcess, getText: () => string, pattern: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    const check = (): void => {
      const found = pattern.exec(getText())?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stderr?.on("data", check);
    child.once("close", (code) => reject(new Error(`The demo ended with code ${code}: ${getText()}`)));
    check();
  });

/** Starts the demo in a folder of its own, with the packaged ffmpeg. */
export const startHighlightsDemo = async (): Promise<HighlightsDemo> => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-highlights-demo-"));
  const child = spawn(process.execPath, [bin, "highlights", "demo", "--json", "--serve"], {
    cwd: folder,
    env: { PATH: "/nonexistent", TMPDIR: tmpdir() },
  });
  const closed = once(child, "close");
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const getErrors = () => errors;
  const finished = waitForText(child, getErrors, /^(Page: .*Ctrl\+C)/m);
  // Whoever waits for it gets the failure.
  finished.catch(() => undefined);
  return {
    address: await waitForText(child, getErrors, /^Page: +(http:\S+)/m),
    finished,
    async stop() {
      child.kill("SIGINT");
      await closed;
      await rm(folder, { recursive: true, force: true });
      return output;
    },
  };
};
