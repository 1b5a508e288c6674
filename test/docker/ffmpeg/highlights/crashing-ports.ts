import type { WatchPorts } from "../../../../pipeline/highlights/watch-ports.ts";

/** Thrown by every port after a crash. */
export class Crash extends Error {}

/** Where a process is killed: at a call of a port, before or after the call takes effect. */
export interface CrashPoint {
  /** From 1. */
  readonly call: number;
  readonly isBefore: boolean;
}

/** Counts the calls of the ports that change something or read the archive, and fails from one of them on. */
export const createCrashingPorts = (ports: WatchPorts, point?: CrashPoint) => {
  const calls: string[] = [];
  /** @returns whether the process is killed after the call */
  const enter = (name: string): boolean => {
    calls.push(name);
    if (point === undefined) return false;
    if (calls.length > point.call || (calls.length === point.call && point.isBefore)) throw new Crash();
    return calls.length === point.call;
  };
  const wrap = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const operation: unknown = Reflect.get(target, name);
        if (typeof operation !== "function" || name === "computeUsd") return operation;
        if (
          String(name).startsWith("list") &&
          !["listAppearances", "listOpenAppearances"].includes(String(name))
        )
          return async function* (...all: unknown[]) {
            const isKilled = enter(String(name));
            yield* Reflect.apply(operation, target, all);
            if (isKilled) throw new Crash();
          };
        return async (...all: unknown[]) => {
          const isKilled = enter(String(name));
          const result: unknown = await Reflect.apply(operation, target, all);
          if (isKilled) throw new Crash();
          return result;
        };
      },
    });
  return {
    /** Names of the calls so far. */
    calls,
    ports: {
      ...ports,
      archive: wrap(ports.archive),
      frames: wrap(ports.frames),
      detector: wrap(ports.detector),
      store: wrap(ports.store),
      listener: wrap(ports.listener),
    },
  };
};
