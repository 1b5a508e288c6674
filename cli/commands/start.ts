import { Command } from "commander";
import { parsePort } from "../arguments.ts";
import { loadConfiguration } from "../configuration.ts";
import { dataFolder, defaultDataFolder } from "../runtime/data-folder.ts";
import { describePrograms } from "../runtime/media-programs.ts";
import { startRuntime } from "../runtime/runtime.ts";

/** Settles with the first signal that asks the program to end. */
const endSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve(signal));
  });

const start = async ({ data, port }: { readonly data: string; readonly port: number }): Promise<void> => {
  const ended = endSignal();
  const folder = dataFolder(data);
  const runtime = await startRuntime({
    directory: folder.root,
    port,
    configuration: await loadConfiguration(),
  });
  const address = `http://127.0.0.1:${runtime.port}`;
  process.stdout.write(
    [
      "Reelway is running. Stop it with Ctrl+C; everything is kept.",
      `  copy files into   ${folder.input}`,
      `  outputs appear in ${folder.output}`,
      `  and at            ${address}/output/KEY`,
      `  transcoder API    ${address}/2012-09-25`,
      `  its keys          ${folder.transcoderKeys}`,
      `  log               ${folder.log}`,
      `  encoder           ${describePrograms(runtime.programs)}`,
      "",
    ].join("\n"),
  );
  await ended;
  process.stdout.write("Stopping; what is not finished goes on at the next start.\n");
  await runtime.close();
};

/** `reelway start` */
export const startCommand = (): Command =>
  new Command("start")
    .description("run the pipeline on this machine until it is stopped")
    .option("--data <dir>", "folder for everything it keeps", defaultDataFolder)
    .option("--port <n>", "port on 127.0.0.1; 0 takes any free one", parsePort, 4600)
    .action(start);
