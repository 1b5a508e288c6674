import { Command } from "commander";
import { parseFolder, parsePort } from "../arguments.ts";
import { loadConfiguration } from "../configuration.ts";
import { printable } from "../render/format.ts";
import { dataFolder, defaultDataFolder } from "../runtime/data-folder.ts";
import { describePrograms, programAdvice } from "../runtime/media-programs.ts";
import { startRuntime } from "../runtime/runtime.ts";
import { onStopSignal } from "../signals.ts";

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const start = async ({ data, port }: { readonly data: string; readonly port: number }): Promise<void> => {
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
    signal,
    onNotice: (line) => say(printable(line)),
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
        ...(advice === undefined ? [] : [advice]),
      ].join("\n"),
    );
    await ended;
    await runtime.close();
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
    .action(start);
