import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Replaced when the program is bundled (`media-stand-ins.ts`). */
declare const credentialsOrigin: string;
declare const reportFolder: string;
declare const isStalled: boolean;

/** What the process of a media program can reach. */
export interface AccessReport {
  readonly program: string;
  /** Lines of `/proc/self/status`. */
  readonly status: Readonly<Record<string, string>>;
  readonly groups: readonly number[];
  /** User of each other process, by process id, and whether its environment can be read. */
  readonly processes: readonly {
    readonly pid: number;
    readonly uid: number;
    readonly hasEnvironment: boolean;
  }[];
  /** The credentials endpoint's answers, by path. */
  readonly endpoint: Readonly<Record<string, string>>;
  /** Error code of each operation; `done` if it succeeded. */
  readonly operations: Readonly<Record<string, string>>;
}

const attempt = (operation: () => unknown): string => {
  try {
    operation();
    return "done";
  } catch (cause) {
    return cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  }
};

const readStatus = (pid: number | "self"): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/status`, "utf8")
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );

const readEnvironment = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
};

/** Tries what hostile media that has taken over ffmpeg would try. */
const tryEverything = async (): Promise<AccessReport> => {
  const others = readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
  const paths = others.flatMap(
    (pid) =>
      /AWS_CONTAINER_CREDENTIALS_FULL_URI=http:\/\/[^/]+(\/[^\0]+)/.exec(readEnvironment(pid))?.[1] ?? [],
  );
  const endpoint: Record<string, string> = {};
  for (const path of new Set(["/", "/v2/credentials", "/v2/credentials/", "/v2/metadata", ...paths]))
    endpoint[path] = await fetch(credentialsOrigin + path).then((response) => response.text(), String);
  return {
    program: basename(process.argv[1] ?? ""),
    status: readStatus("self"),
    groups: process.getgroups?.() ?? [],
    processes: others.map((pid) => ({
      pid,
      uid: Number(readStatus(pid).Uid?.split("\t")[0]),
      hasEnvironment: readEnvironment(pid) !== "",
    })),
    endpoint,
    operations: {
      "signal the worker": attempt(() => process.kill(process.ppid, 0)),
      "become root": attempt(() => process.setuid?.(0)),
      "join the group of root": attempt(() => process.setgid?.(0)),
      "read the worker's memory": attempt(() => readFileSync(`/proc/${process.ppid}/maps`)),
      "write beside its folder": attempt(() => writeFileSync(join(dirname(process.cwd()), "beside"), "x")),
      "write in its folder": attempt(() => writeFileSync(join(process.cwd(), "inside"), "x")),
    },
  };
};

if (isStalled) {
  process.on("SIGTERM", () => undefined);
  setInterval(() => undefined, 60_000);
} else
  void tryEverything().then((report) => {
    writeFileSync(join(reportFolder, `${report.program}-${process.pid}.json`), JSON.stringify(report));
    const { status } = spawnSync(`/usr/bin/${report.program}`, process.argv.slice(2), {
      stdio: ["inherit", "inherit", "inherit", "inherit"],
      env: { GCONV_PATH: "/nonexistent" },
    });
    process.exit(status ?? 1);
  });
