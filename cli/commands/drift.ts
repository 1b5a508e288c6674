import { Command } from "commander";
import type { DriftOptions } from "../actions/drift.ts";
import { parseFolder } from "../arguments.ts";
import { withStageOptions } from "./stage.ts";

/** `reelway drift` */
export const driftCommand = (): Command =>
  withStageOptions(
    new Command("drift")
      .description("detect drift; exit status 3 if a resource has drifted, 1 on an error")
      .option(
        "--out <dir>",
        "folder for drift.json and, if a resource has drifted, drift.md",
        parseFolder,
        ".reelway/drift",
      )
      .option("--json", "print one JSON document"),
  ).action(async (options: DriftOptions) => (await import("../actions/drift.ts")).checkDrift(options));
