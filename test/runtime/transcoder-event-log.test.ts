import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createLocalNotifier } from "../../adapters/local/notifier.ts";
import { parseTranscoderEvent, readLines } from "../../runtime/transcoder-event-log.ts";

describe("the transcoder event log", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-log-"));
    path = join(folder, "notifications.jsonl");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const collect = async (lines: AsyncIterable<string>): Promise<readonly string[]> => {
    const eventLines: string[] = [];
    for await (const line of lines) eventLines.push(line);
    return eventLines;
  };

  it("is read to its last complete line, and is empty if missing", async () => {
    expect(await collect(readLines(path))).to.deep.equal([]);
    await writeFile(path, "eins\nzwei ü\nhal");
    expect(await collect(readLines(path))).to.deep.equal(["eins", "zwei ü"]);
  });

  it("is followed from before it exists, over partial lines, until aborted", async () => {
    const stop = new AbortController();
    const lines = readLines(path, stop.signal);
    const first = lines.next();
    await appendFile(path, "one\ntw");
    expect((await first).value).to.equal("one");
    const second = lines.next();
    const [before, after] = [Buffer.from("ü\n").subarray(0, 1), Buffer.from("ü\n").subarray(1)];
    await appendFile(path, before);
    await appendFile(path, after);
    expect((await second).value).to.equal("twü");
    const nextLine = lines.next();
    stop.abort();
    expect(await nextLine).to.deep.equal({ value: undefined, done: true });
  });

  it("is read from the start after it was truncated", async () => {
    const stop = new AbortController();
    await writeFile(path, "a long first line\n");
    const lines = readLines(path, stop.signal);
    await lines.next();
    const next = lines.next();
    await writeFile(path, "short\n");
    expect((await next).value).to.equal("short");
    stop.abort();
    await lines.next();
  });

  it("separates the transcoder's messages from others", async () => {
    const notifier = createLocalNotifier(path, async () => undefined);
    const message = { state: "ERROR", jobId: "j", messageDetails: "3001", outputs: [{ key: "a" }] };
    await notifier.publish("t", { id: "1", subject: "s", message: JSON.stringify(message) });
    await notifier.publish("t", { id: "2", subject: "s", message: JSON.stringify({ id: "reelway's own" }) });
    await notifier.publish("t", { id: "3", subject: "s", message: "no JSON" });
    const events = (await collect(readLines(path))).map(parseTranscoderEvent);
    expect(events.map((event) => event?.message)).to.deep.equal([message, undefined, undefined]);
    expect(parseTranscoderEvent("{")).to.equal(undefined);
  });
});
