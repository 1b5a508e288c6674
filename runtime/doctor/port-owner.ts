import { readdir, readFile, readlink } from "node:fs/promises";

const listenState = "0A";

/** Parses the inodes of the sockets that listen on a port (proc(5), /proc/net/tcp: local address, state, inode). */
export const parseListeningInodes = (table: string, port: number): readonly string[] => {
  const hexadecimal = port.toString(16).toUpperCase().padStart(4, "0");
  return table.split("\n").flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return local?.endsWith(`:${hexadecimal}`) && state === listenState && inode !== undefined ? [inode] : [];
  });
};

const readOrEmpty = (path: string): Promise<string> => readFile(path, "utf8").catch(() => "");

/** Returns the program that listens on a port, e.g. `nginx (process 12)`; undefined if not visible to this user. */
export const findPortOwner = async (port: number): Promise<string | undefined> => {
  const inodes = (await Promise.all(["/proc/net/tcp", "/proc/net/tcp6"].map(readOrEmpty))).flatMap((table) =>
    parseListeningInodes(table, port),
  );
  const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  if (sockets.size === 0) return undefined;
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => []))
      if (sockets.has(await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "")))
        return `${(await readOrEmpty(`/proc/${pid}/comm`)).trim()} (process ${pid})`;
  }
  return undefined;
};
