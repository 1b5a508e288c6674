import { Command } from "commander";
import { defaultDataFolder, defaultPort } from "../../runtime/data-folder.ts";
import type { DoctorOptions } from "../actions/doctor.ts";
import { parseFolder, parsePort } from "../arguments.ts";

/** `reelway doctor` */
export const doctorCommand = (): Command =>
  new Command("doctor")
    .description(
      "check this machine: Node.js, ffmpeg, images, memory, disk, port, the database, the files of the data folder and the channels of this machine",
    )
    .option("--data <dir>", "data folder of the runtime", parseFolder, defaultDataFolder)
    .option(
      "--port <n>",
      `port of the runtime (default: the port recorded in its data folder, else ${defaultPort})`,
      parsePort,
    )
    .option("--json", "print one JSON document")
    .action(async (options: DoctorOptions) => (await import("../actions/doctor.ts")).runDoctor(options));
