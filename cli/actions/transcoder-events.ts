import { access } from "node:fs/promises";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import { resolveDataFolder } from "../../runtime/data-folder.ts";
import { parseTranscoderEvent, readLines, type TranscoderEvent } from "../../runtime/transcoder-event-log.ts";
import { onStopSignal } from "../signals.ts";

/** Options of `reelway transcoder events`. */
export interface EventsOptions {
  readonly data: string;
  readonly follow?: true;
  readonly json?: true;
}

const formatDetails = ({ message }: TranscoderEvent): string =>
  message.messageDetails ??
  `${message.input?.key ?? ""} → ${message.outputs.map(({ key }) => key).join(", ")}`;

const formatEvent = (event: TranscoderEvent): string =>
  toPrintable(
    `${event.at}  ${event.message.state.padEnd(11)}  ${event.message.jobId}  ${formatDetails(event)}`,
  );

/** Prints the notifications of the transcoder API, oldest first. */
export const printEvents = async ({ data, follow, json }: EventsOptions): Promise<void> => {
  const folder = resolveDataFolder(data);
  await access(folder.root).catch((cause: unknown) => {
    throw new CommandError(
      `Data folder ${folder.root} does not exist. Start a runtime (npm start), or pass its data folder with --data DIR.`,
      { cause },
    );
  });
  const stop = new AbortController();
  if (follow) {
    onStopSignal(() => stop.abort());
    // The reader has exited.
    process.stdout.on("error", () => process.exit(0));
  }
  for await (const text of readLines(folder.notifications, follow ? stop.signal : undefined)) {
    const event = parseTranscoderEvent(text);
    if (event !== undefined) process.stdout.write(`${json ? JSON.stringify(event) : formatEvent(event)}\n`);
  }
};
