import { Command, Option } from "commander";
import { detectorNames } from "../../pipeline/ports/label-detector.ts";
import type { BacktestCommandOptions } from "../actions/highlights-backtest.ts";
import type { HighlightsDemoCommandOptions } from "../actions/highlights-demo.ts";
import type { RecordCommandOptions } from "../actions/highlights-record.ts";
import { collectTexts, parseNumberBetween, parsePositiveNumber } from "../arguments.ts";

const backtestCommand = (): Command =>
  new Command("backtest")
    .description(
      "watch a recording as a live channel, faster than real time, and compare the appearances that are found with the true ones",
    )
    .argument("<recording>", "folder of a recording, or its VOD manifest (.m3u8): a file or a URL")
    .requiredOption("--truth <file>", "JSON file with the true appearances")
    .addOption(
      new Option(
        "--detector <name>",
        "detector (default: recorded with --detections, else the channel's, else human)",
      ).choices(detectorNames),
    )
    .option("--detections <file>", "JSON file of recorded detections, for the detector recorded")
    .option("--channel <name>", "use the settings of this channel of reelway.config.ts")
    .option(
      "--label <label>",
      "label to search, repeatable (default: the channel's clipLabels, else the labels of the truth)",
      collectTexts,
      [],
    )
    .option(
      "--min-confidence <percent>",
      "least confidence of a label (default: the channel's, else the detector's)",
      parseNumberBetween(0, 100),
    )
    .option(
      "--scene-threshold <score>",
      "least difference of a scene change (default: the channel's, else 0.2)",
      parseNumberBetween(0, 1),
    )
    .option(
      "--max-gap <seconds>",
      "longest time without a frame (default: the channel's, else 5)",
      parseNumberBetween(0.1, 3600),
    )
    .option(
      "--absent-frames <n>",
      "frames without a label that end an appearance (default: the channel's, else 2)",
      parseNumberBetween(1, 100, true),
    )
    .option("--max-usd <dollars>", "limit of what Rekognition may cost", parsePositiveNumber, 10)
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .action(async (recording: string, options: BacktestCommandOptions) =>
      (await import("../actions/highlights-backtest.ts")).backtest(recording, options),
    );

const recordCommand = (): Command =>
  new Command("record")
    .description(
      "copy the segments of a live channel into a folder with a VOD manifest, for players and backtest; Ctrl+C keeps what is recorded. Exit code 1: the channel sent less than was requested",
    )
    .argument("<url>", "URL of the channel's manifest")
    .requiredOption("--minutes <n>", "minutes of the channel to record", parsePositiveNumber)
    .option("--out <folder>", "folder of the recording: new or empty", "recording")
    .option(
      "--allow-host <host>",
      "host of segments and keys besides the manifest's, e.g. *.example.com; repeatable",
      collectTexts,
      [],
    )
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .action(async (url: string, options: RecordCommandOptions) =>
      (await import("../actions/highlights-record.ts")).record(url, options),
    );

const demoCommand = (): Command =>
  new Command("demo")
    .description(
      "watch a generated live channel for about a minute, and compare the appearances that are found with the true ones",
    )
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .option("--serve", "keep the page open until Ctrl+C")
    .action(async (options: HighlightsDemoCommandOptions) =>
      (await import("../actions/highlights-demo.ts")).demoHighlights(options),
    );

/** `reelway highlights` */
export const highlightsCommand = (): Command =>
  new Command("highlights")
    .description(
      "watch a generated channel, record live channels, and measure what a detector finds in recordings",
    )
    .addCommand(demoCommand())
    .addCommand(recordCommand())
    .addCommand(backtestCommand());
