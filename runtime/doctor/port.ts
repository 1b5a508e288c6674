import { createServer } from "node:net";
import * as z from "zod";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import { type CheckResult, ok } from "../../pipeline/text/check-result.ts";
import { getOtherPort } from "../server/listen.ts";
import { findPortOwner } from "./port-owner.ts";

/** Who uses a port of 127.0.0.1. */
export type PortFacts =
  | { readonly kind: "free" }
  | { readonly kind: "denied" }
  /** `root`: the data folder of that runtime. */
  | { readonly kind: "runtime"; readonly root: string; readonly pid: number }
  /** `owner`: e.g. `nginx (process 12)`; undefined if not visible to this user. */
  | { readonly kind: "other"; readonly owner?: string };

/** Checks a port for a runtime on the data folder `root`. */
export const checkPort = (port: number, root: string, facts: PortFacts): CheckResult => {
  const name = "port";
  const nextStep = `Use another port: start the runtime with --port ${getOtherPort(port)}`;
  const address = `127.0.0.1:${port}`;
  switch (facts.kind) {
    case "free":
      return ok(name, port === 0 ? "any free port" : `${address} is free`);
    case "denied":
      return { name, status: "failure", message: `this user has no permission to use ${address}`, nextStep };
    case "runtime":
      return facts.root === root
        ? ok(name, `${address} is used by the running runtime of this data folder (process ${facts.pid})`)
        : {
            name,
            status: "failure",
            message: `${address} is used by the runtime of ${facts.root} (process ${facts.pid})`,
            nextStep,
          };
    case "other":
      return {
        name,
        status: "failure",
        message: `${address} is used by ${facts.owner ?? "another program"}`,
        nextStep,
      };
  }
};

/** Listens on a port for a moment; returns the system error code, or undefined on success. */
const tryListen = (port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", (cause) => resolve(getSystemErrorCode(cause) ?? "unknown"));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(undefined)));
  });

const runtimeDescriptionSchema = z.object({ data: z.string(), pid: z.number() });
const requestTimeoutMs = 3000;

const fetchRuntimeDescription = async (
  port: number,
): Promise<z.infer<typeof runtimeDescriptionSchema> | undefined> => {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/reelway/runtime`, {
      redirect: "manual",
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    return runtimeDescriptionSchema.safeParse(await response.json()).data;
  } catch {
    return undefined;
  }
};

/** Finds out whether a port is free and, if not, who uses it. */
export const gatherPortFacts = async (port: number): Promise<PortFacts> => {
  const failure = await tryListen(port);
  if (failure === undefined) return { kind: "free" };
  if (failure === "EACCES") return { kind: "denied" };
  const runtime = await fetchRuntimeDescription(port);
  if (runtime !== undefined) return { kind: "runtime", root: runtime.data, pid: runtime.pid };
  const owner = await findPortOwner(port);
  return owner === undefined ? { kind: "other" } : { kind: "other", owner };
};
