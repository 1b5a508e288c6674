import { Command } from "commander";
import { defaultDataFolder } from "../../runtime/data-folder.ts";
import type { DoctorTarget } from "../../runtime/doctor/check.ts";
import { runChecks } from "../../runtime/doctor/doctor.ts";
import { parseFolder, parsePort } from "../arguments.ts";
import { renderChecks } from "../render/checks.ts";

const runDoctor = async ({ json, ...target }: DoctorTarget & { readonly json?: true }): Promise<void> => {
  const checks = await runChecks(target);
  const isColored = process.stdout.isTTY === true && !process.env.NO_COLOR;
  process.stdout.write(json ? `${JSON.stringify({ checks }, null, 2)}\n` : renderChecks(checks, isColored));
  if (checks.some(({ status }) => status === "failure")) process.exitCode = 1;
};

/** `reelway doctor` */
export const doctorCommand = (): Command =>
  new Command("doctor")
    .description(
      "check this machine: Node.js, ffmpeg, memory, disk, port, the database and the files of the data folder",
    )
    .option("--data <dir>", "data folder of the runtime", parseFolder, defaultDataFolder)
    .option("--port <n>", "port of the runtime", parsePort, 4600)
    .option("--json", "print one JSON document")
    .action(runDoctor);
