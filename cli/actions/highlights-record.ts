import { CommandError, UsageError } from "../../pipeline/errors/errors.ts";
import { formatBytes, formatSeconds, quoteShellArgument, toPrintable } from "../../pipeline/text/format.ts";
import { type RecordResult, recordChannel } from "../../runtime/highlights/record-channel.ts";
import { renderBars } from "../render/bars.ts";
import { openDisplay } from "../render/display.ts";
import { onStopSignal } from "../signals.ts";

/** Options of `reelway highlights record`. */
export interface RecordCommandOptions {
  readonly minutes: number;
  readonly out: string;
  readonly allowHost: readonly string[];
  readonly json?: true;
}

const secondsPerMinute = 60;
const reasons: Readonly<Record<RecordResult["reason"], string>> = {
  complete: "",
  ended: " The channel has ended.",
  late: " The channel sent less than was requested.",
  stopped: " Recording was stopped.",
};

/** A channel that has ended has nothing more to record, and a user who stops has enough. */
export const exitCodes: Readonly<Record<RecordResult["reason"], number>> = {
  complete: 0,
  ended: 0,
  late: 1,
  stopped: 0,
};

/** The JSON document: what was recorded, and why the recording has ended. */
const toDocument = (folder: string, { reason, seconds, segments, bytes }: RecordResult) => ({
  folder,
  reason,
  seconds,
  segments,
  bytes,
});

/**
 * Records a live channel and prints where the recording is. The exit status is 1 if the channel goes on and has sent less
 * than was requested.
 */
export const record = async (
  manifestUrl: string,
  { minutes, out, allowHost, json }: RecordCommandOptions,
): Promise<void> => {
  if (!URL.canParse(manifestUrl) || !/^https?:$/.test(new URL(manifestUrl).protocol))
    throw new UsageError(`${manifestUrl} is not the http: or https: URL of a manifest.`);
  const stop = new AbortController();
  onStopSignal(() => stop.abort(new CommandError("Recording was stopped.")));
  const seconds = minutes * secondsPerMinute;
  const display = await openDisplay(process.stderr);
  let lastWarning = "";
  /** A failure that lasts is reported once. */
  const warn = (line: string): void => {
    if (line !== lastWarning) process.stderr.write(`${toPrintable(line)}\n`);
    lastWarning = line;
  };
  let result: RecordResult;
  try {
    result = await recordChannel({
      manifestUrl,
      allowedHosts: allowHost,
      seconds,
      folder: out,
      signal: stop.signal,
      onWarning: warn,
      onProgress: (progress) => {
        const percent = Math.min(100, (100 * progress.seconds) / seconds);
        const phase = `${formatSeconds(progress.seconds)}, ${formatBytes(progress.bytes)}`;
        display.update(renderBars([{ label: out, percent, phase }], display.getSize()), []);
      },
    });
  } finally {
    display.close();
  }
  if (result.segments === 0)
    throw new CommandError(
      `Nothing was recorded:${reasons[result.reason] || " the channel has no segment."} Check ${manifestUrl} in a player.`,
    );
  process.exitCode = exitCodes[result.reason];
  if (json) {
    process.stdout.write(`${JSON.stringify(toDocument(out, result), null, 2)}\n`);
    return;
  }
  process.stdout.write(
    [
      `Recorded ${formatSeconds(result.seconds)} in ${result.segments} segments (${formatBytes(result.bytes)}) into ${out}.${reasons[result.reason]}`,
      `To measure a detector: npx reelway highlights backtest ${quoteShellArgument(out)} --truth truth.json`,
      "",
    ].join("\n"),
  );
};
