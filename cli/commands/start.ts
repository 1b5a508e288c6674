import { Command } from "commander";
import { printable } from "../../pipeline/text/format.ts";
import { dataFolder, defaultDataFolder } from "../../runtime/data-folder.ts";
import { describePrograms, programAdvice } from "../../runtime/media-programs.ts";
import { startRuntime } from "../../runtime/runtime.ts";
import { collectOrigins, parseFolder, parsePort } from "../arguments.ts";
import { loadConfiguration } from "../configuration.ts";
import { onStopSignal } from "../signals.ts";

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

interface StartOptions {
  readonly data: string;
  readonly port: number;
  readonly allowOrigin: readonly string[];
}

const start = async ({ data, port, allowOrigin: allowedOrigins }: StartOptions): Promise<void> => {
  const stop = new AbortController();
  const { signal } = stop;
  const ended = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  onStopSignal(() => {
    say("Stopping; what is not finished goes on at the next start. Ctrl+C again ends at once.");
    stop.abort();
  });
  const folder = dataFolder(data);
  const configuration = await loadConfiguration();
  const runtime = await startRuntime({
    directory: folder.root,
    port,
    configuration,
    allowedOrigins,
    signal,
    onNotice: (line) => process.stderr.write(`${printable(line)}\n`),
  }).catch((cause: unknown) => {
    if (signal.aborted) return undefined;
    throw cause;
  });
  if (runtime !== undefined) {
    const advice = programAdvice(runtime.programs);
    const address = `http://127.0.0.1:${runtime.port}`;
    say(
      [
        "Reelway is running. Stop it with Ctrl+C; everything is kept.",
        `  copy files into   ${folder.input}`,
        `  outputs appear in ${folder.output}`,
        `  and at            ${address}/output/KEY`,
        `  transcoder API    ${address}/2012-09-25`,
        `  its keys          ${folder.transcoderKeys}`,
        `  log               ${folder.log}`,
        `  encoder           ${describePrograms(runtime.programs)}`,
        ...allowedOrigins.map((origin) => `  pages allowed     ${origin}`),
        ...(advice === undefined ? [] : [advice]),
      ].join("\n"),
    );
    const { broken } = runtime;
    broken.addEventListener("abort", () => stop.abort(), { once: true });
    if (broken.aborted) stop.abort();
    await ended;
    await runtime.close();
    broken.throwIfAborted();
  }
  say("Stopped.");
  // A file that is still being copied is left behind, and taken again at the next start.
  process.exit();
};

/** `reelway start` */
export const startCommand = (): Command =>
  new Command("start")
    .description("run the pipeline on this machine until it is stopped")
    .option("--data <dir>", "folder for everything it keeps", parseFolder, defaultDataFolder)
    .option("--port <n>", "port on 127.0.0.1; 0 takes any free one", parsePort, 4600)
    .option(
      "--allow-origin <origin>",
      "origin whose web pages may use the server, e.g. http://localhost:3000; may be repeated",
      collectOrigins,
      [],
    )
    .action(start);
