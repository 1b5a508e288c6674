/** A program with its arguments, for `spawn`. */
export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
}

/**
 * Sets the limit, then executes the program. The script contains no data of a job: limit, program and arguments are
 * positional parameters, which the shell does not interpret. A lower hard limit is kept. Core files are disabled,
 * because they would fill the scratch volume. If the task runs out of memory, the kernel kills the program, not the
 * worker.
 */
const script =
  '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; ulimit -c 0; ulimit -d "$1" 2>/dev/null || test "$(ulimit -d)" != unlimited || exit 126; shift; exec "$@"';

/**
 * Limits a program's private writable memory (RLIMIT_DATA) on Linux, where the kernel enforces it. RLIMIT_AS also
 * counts the code of Debian's 215 libraries and the address space that malloc reserves for each thread, up to 1.3 GB
 * more than is used. The limit is set with `sh`, because minimal images lack `prlimit`. Fargate's task definitions
 * cannot set either limit.
 *
 * @param maxDataBytes memory limit
 * @returns the command; unchanged on other systems, where `watchMemory` enforces the limit
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
