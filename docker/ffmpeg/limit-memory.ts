/** A program with its arguments, as `spawn` takes them. */
export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
}

/**
 * Sets the limit, then becomes the program. Nothing of a job is part of this text: limit, program and arguments are
 * positional parameters, which no shell interprets. A hard limit that is already lower stays. No core file: it would
 * fill the scratch volume. Where the whole task runs out of memory, the kernel ends the program and not the worker.
 */
const script =
  '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; ulimit -c 0; ulimit -d "$1" 2>/dev/null || test "$(ulimit -d)" != unlimited || exit 126; shift; exec "$@"';

/**
 * Bounds a program's private writable memory (RLIMIT_DATA) on Linux, where the kernel enforces it. Not RLIMIT_AS:
 * that counts the code of Debian's 215 libraries and the address space that malloc only reserves for each thread, up
 * to 1.3 GB more than is used. By `sh` and not by `prlimit`: every system has the one, minimal images lack the other.
 * Fargate's task definitions cannot set either limit.
 *
 * @param maxDataBytes of memory
 * @returns the command as it is on other systems, where `watchMemory` is the bound
 */
export const limitMemory = (command: Command, maxDataBytes: number, platform: NodeJS.Platform): Command =>
  platform === "linux"
    ? {
        program: "/bin/sh",
        arguments: [
          "-c",
          script,
          "sh",
          String(Math.floor(maxDataBytes / 1024)),
          command.program,
          ...command.arguments,
        ],
      }
    : command;
