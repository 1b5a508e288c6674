import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createDynamoAppearanceStore } from "../../../adapters/aws/appearance-store.ts";
import { localTableNames, openDatabase } from "../../../adapters/local/database.ts";
import { createLocalObjectStore } from "../../../adapters/local/object-store.ts";
import { expireArchive, removeExpiredChannelRecords } from "../../../runtime/watchers/expire-archive.ts";

const dayMs = 86_400_000;
const afterDays = (days: number): Date => new Date(Date.now() + days * dayMs);

describe("the expiry of channels on one machine", () => {
  it("removes archived segments and sources of clips after the channel's retention, and no other objects", async () => {
    const folder = await mkdtemp(join(tmpdir(), "reelway-expiry-"));
    try {
      const objects = createLocalObjectStore({ directory: join(folder, "objects") });
      const file = join(folder, "file");
      await writeFile(file, "content");
      for (const key of [
        "archive/news/2026-11-30/0-1.ts",
        "archive/_clips/news/one.ts",
        "archive/sports/2026-11-30/0-1.ts",
        "archive/removed/2026-11-30/0-1.ts",
        "highlights/news/one.mp4",
      ])
        await objects.write({ bucket: "output", key }, { file }, { contentType: "video/mp2t" });
      const channels = [
        { name: "news", retentionDays: 2 },
        { name: "sports", retentionDays: 40 },
      ];
      const list = async (): Promise<readonly string[]> => {
        const keys: string[] = [];
        for await (const { key } of objects.list("output", "")) keys.push(key);
        return keys;
      };

      expect(await expireArchive(objects, "output", channels, afterDays(1))).to.equal(0);
      expect(await expireArchive(objects, "output", channels, afterDays(3))).to.equal(2);
      expect(await list()).to.deep.equal([
        "archive/removed/2026-11-30/0-1.ts",
        "archive/sports/2026-11-30/0-1.ts",
        "highlights/news/one.mp4",
      ]);
      expect(await expireArchive(objects, "output", channels, afterDays(31))).to.equal(1);
      expect(await list()).to.deep.equal(["archive/sports/2026-11-30/0-1.ts", "highlights/news/one.mp4"]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("removes records after the retention of their channel, and keeps the state of the channel", async () => {
    const database = await openDatabase();
    try {
      const clock = { now: () => new Date() };
      const store = createDynamoAppearanceStore(database.client, localTableNames, clock, () => 2);
      const lease = await store.acquireLease("news", "run", 60);
      if (lease === undefined) throw new Error("The channel has no lease.");
      await store.saveState(lease, {}, { name: "watching", message: "" });
      const time = Date.now() / 1000;
      await store.recordSighting("news", {
        kind: "label",
        id: "Person",
        name: "Person",
        confidence: 90,
        frame: { segmentId: "0-1", frame: 0, time },
      });

      expect(await removeExpiredChannelRecords(database.client, afterDays(1))).to.equal(0);
      expect(await removeExpiredChannelRecords(database.client, afterDays(3))).to.equal(1);
      expect((await store.listLabels("news", "label")).labels).to.deep.equal([]);
      expect((await store.readChannel("news")).status?.name).to.equal("watching");
    } finally {
      await database.close();
    }
  });
});
