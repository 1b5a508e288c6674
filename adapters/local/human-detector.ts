import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import { join } from "node:path";
import { packageDirectory } from "../../build/package-directory.ts";
import {
  type DetectedLabel,
  DetectionFailure,
  type LabelDetector,
} from "../../pipeline/ports/label-detector.ts";
import type { HumanRequest, HumanResponse } from "./human-messages.ts";
import { findHumanFiles } from "./human-packages.ts";

/** The compiled program of the detector, which runs in a process of its own. */
const humanProgram = join(packageDirectory, "dist", "adapters", "local", "human-program.js");
const maxLogCharacters = 2000;

interface PendingRequest {
  resolve(labels: readonly DetectedLabel[]): void;
  reject(cause: unknown): void;
}

interface HumanProcess {
  readonly child: ChildProcess;
  readonly pending: Map<number, PendingRequest>;
}

export interface HumanDetectorOptions {
  /** Time without a request after which the process ends, seconds. @default 60 */
  readonly idleSeconds?: number;
  /** Time for an answer, which includes the start of the process, seconds. @default 60 */
  readonly timeoutSeconds?: number;
  /** Folders where the packages are looked up. @default Reelway's folder, then the current one */
  readonly packageFolders?: readonly string[];
}

export interface HumanDetector extends LabelDetector {
  /** Id of the running process; undefined if none runs. */
  readonly pid: number | undefined;
  /** Ends the process. Pending requests reject. */
  close(): Promise<void>;
}

/**
 * A detector that finds the 80 kinds of objects of COCO (`person`, `cup`) with CenterNet from the optional package
 * `@vladmandic/human`, on this machine. It locates every object, and recognizes no celebrities. It works in a process of
 * its own, about 220 MB, which starts with the first request, answers one request after another and ends when it is
 * idle. If the process crashes, its requests reject as `transient` and the next one starts another.
 */
export const createHumanDetector = ({
  idleSeconds = 60,
  timeoutSeconds = 60,
  packageFolders,
}: HumanDetectorOptions = {}): HumanDetector => {
  let running: HumanProcess | undefined;
  let idleTimer: NodeJS.Timeout | undefined;
  let lastId = 0;

  /** A process without requests does not keep its parent running. */
  const setReferenced = ({ child, pending }: HumanProcess): void => {
    const change = pending.size > 0 ? "ref" : "unref";
    child[change]();
    child.channel?.[change]();
    if (child.stderr instanceof Socket) child.stderr[change]();
  };
  const stop = (human: HumanProcess, signal?: NodeJS.Signals): void => {
    if (running === human) running = undefined;
    if (signal !== undefined) human.child.kill(signal);
    else if (human.child.connected) human.child.disconnect();
  };
  const forget = (human: HumanProcess, id: number): void => {
    human.pending.delete(id);
    if (human.pending.size > 0 || running !== human) return;
    setReferenced(human);
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => stop(human), idleSeconds * 1000).unref();
  };

  const start = (): HumanProcess => {
    const files = findHumanFiles(packageFolders);
    const child = fork(humanProgram, [JSON.stringify(files)], {
      env: {},
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const human: HumanProcess = { child, pending: new Map() };
    let log = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      log = `${log}${text}`.slice(-maxLogCharacters);
    });
    const fail = (reason: string, cause?: unknown): void => {
      stop(human);
      const message = `The process of the label detector "human" ${reason}`;
      for (const { reject } of human.pending.values())
        reject(new DetectionFailure("transient", message, { cause }));
    };
    child.once("error", (cause) => fail(`cannot be used: ${cause.message}`, cause));
    // Not "close", which is not emitted after the parent has disconnected.
    child.once("exit", async (code, signal) => {
      if (child.stderr?.closed === false) await once(child.stderr, "close");
      fail(`ended (${signal ?? `exit code ${code}`})${log === "" ? "" : `: ${log.trim()}`}`);
    });
    child.on("message", (response: HumanResponse) => {
      const request = human.pending.get(response.id);
      if ("labels" in response) request?.resolve(response.labels);
      else request?.reject(new DetectionFailure(response.failure.kind, response.failure.message));
    });
    return human;
  };

  const send = async (
    request: Omit<HumanRequest, "id">,
    signal: AbortSignal | undefined,
  ): Promise<readonly DetectedLabel[]> => {
    clearTimeout(idleTimer);
    running ??= start();
    const human = running;
    lastId += 1;
    const id = lastId;
    let onAbort = (): void => undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        human.pending.set(id, { resolve, reject });
        setReferenced(human);
        onAbort = () => reject(signal?.reason);
        signal?.addEventListener("abort", onAbort, { once: true });
        timer = setTimeout(() => {
          stop(human, "SIGKILL");
          reject(
            new DetectionFailure(
              "transient",
              `The process of the label detector "human" did not answer within ${timeoutSeconds} s`,
            ),
          );
        }, timeoutSeconds * 1000);
        human.child.send({ id, ...request } satisfies HumanRequest, (cause) => {
          if (cause !== null) reject(new DetectionFailure("transient", cause.message, { cause }));
        });
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      forget(human, id);
    }
  };

  return {
    name: "human",
    get pid() {
      return running?.child.pid;
    },
    async detect({ image, minConfidence, labels = true }, signal) {
      signal?.throwIfAborted();
      if (!labels) return { labels: [], celebrities: [] };
      return { labels: await send({ image, minConfidence }, signal), celebrities: [] };
    },
    computeUsd: () => 0,
    async close() {
      clearTimeout(idleTimer);
      if (running === undefined) return;
      const { child } = running;
      const ended = once(child, "exit");
      child.ref();
      stop(running);
      await ended;
    },
  };
};
