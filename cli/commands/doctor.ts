import { Command } from "commander";
import { defaultDataFolder, defaultPort } from "../../runtime/data-folder.ts";
import type { DoctorOptions } from "../actions/doctor.ts";
import { parseFolder, parsePort } from "../arguments.ts";
import { parseStage } from "./stage.ts";

/** `reelway doctor` */
export const doctorCommand = (): Command =>
  new Command("doctor")
    .description(
      "check this machine: Node.js, ffmpeg, images, memory, disk, port, the database, the files of the data folder and the channels of this machine; or, with --stage, a stage on AWS before and after its first deployment",
    )
    .option(
      "--stage <name>",
      "check this stage instead: Terraform, credentials, Region, quotas, buckets, their keys, the image and GitHub",
      parseStage,
    )
    .option("--no-synth", "with --stage: use the existing synth output")
    .option("--data <dir>", "data folder of the runtime", parseFolder, defaultDataFolder)
    .option(
      "--port <n>",
      `port of the runtime (default: the port recorded in its data folder, else ${defaultPort})`,
      parsePort,
    )
    .option("--json", "print one JSON document")
    .action(async (options: DoctorOptions) => (await import("../actions/doctor.ts")).runDoctor(options));
