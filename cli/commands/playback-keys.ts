import { Command } from "commander";
import type { PlaybackKeysOptions } from "../actions/playback-keys.ts";
import { parseStage } from "./stage.ts";

const addOptions = (command: Command): Command =>
  command
    .requiredOption("--stage <name>", "stage of reelway.config.ts, e.g. dev", parseStage)
    .option("--json", "print one JSON document on standard output; progress goes to standard error");

/** `reelway playback-keys` */
export const playbackKeysCommand = (): Command =>
  new Command("playback-keys")
    .description("manage the keys that sign the playback of private outputs on AWS")
    .addCommand(
      addOptions(
        new Command("rotate").description(
          "create a key in Secrets Manager and record its public key in playback-keys.json; the previous key stays valid",
        ),
      ).action(async (options: PlaybackKeysOptions) =>
        (await import("../actions/playback-keys.ts")).rotateKeys(options),
      ),
    )
    .addCommand(
      addOptions(new Command("list").description("list the keys of a stage, newest first")).action(
        async (options: PlaybackKeysOptions) =>
          (await import("../actions/playback-keys.ts")).listKeys(options),
      ),
    );
