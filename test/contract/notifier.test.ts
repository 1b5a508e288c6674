import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createLocalNotifier } from "../../adapters/local/notifier.ts";
import type { Notification } from "../../pipeline/ports/notifier.ts";
import { createArrivals } from "./arrivals.ts";
import { describeNotifierContract } from "./notifier.ts";

describe("the notifier of one machine", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-notifier-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  describeNotifierContract("embedded", async () => {
    const arrivals = new Map(["one", "two"].map((topic) => [topic, createArrivals<Notification>()]));
    const getArrivals = (topic: string) => {
      const arrivalsOfTopic = arrivals.get(topic);
      if (arrivalsOfTopic === undefined) throw new Error(`no topic ${topic}`);
      return arrivalsOfTopic;
    };
    return {
      topics: ["one", "two"],
      notifier: createLocalNotifier(join(folder, "log"), async (topic, notification) =>
        getArrivals(topic).arrive(notification),
      ),
      receive: (topic) => getArrivals(topic).take(),
    };
  });

  it("logs each publication on its own line, and fails if its subscriber fails", async () => {
    const notifier = createLocalNotifier(join(folder, "log"), async (_topic, { id }) => {
      if (id === "2") throw new Error("the subscriber failed");
    });
    await notifier.publish("jobs", { id: "1", subject: "two\nlines", message: "{}" });
    const failure = await notifier
      .publish("jobs", { id: "2", subject: "s", message: "{}" })
      .catch((cause: unknown) => cause);
    expect(String(failure)).to.include("the subscriber failed");
    const lines = (await readFile(join(folder, "log"), "utf8")).trimEnd().split("\n");
    expect(
      lines.map((line) => JSON.parse(line)).map(({ topic, id, subject }) => [topic, id, subject]),
    ).to.eql([
      ["jobs", "1", "two\nlines"],
      ["jobs", "2", "s"],
    ]);
  });
});
