import { expect } from "chai";
import { createDynamoAppearanceStore } from "../../../adapters/aws/appearance-store.ts";
import { localTableNames, openDatabase } from "../../../adapters/local/database.ts";
import { buildDeploymentNames } from "../../../modules/names.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import defaults from "../../../reelway.config.ts";
import { findDeployment } from "../../../terraform/deployment/find-deployment.ts";
import { checkChannels } from "../../../terraform/smoke/check-channels.ts";

describe("the check of channels of a smoke test", () => {
  it("names the channels that are not watched or cannot be read, and where to look", async () => {
    const database = await openDatabase();
    try {
      const names = ["fresh", "failing", "old", "paused", "new", "night"];
      const configuration = parseConfiguration({
        ...defaults,
        channels: names.map((name) => ({
          name,
          manifestUrl: "https://live.example.com/index.m3u8",
          stages: ["dev"],
          clipLabels: ["Person"],
          ...(name === "night" ? { activeHours: { from: 0, to: 4, timeZone: "UTC" } } : {}),
        })),
      });
      const deployment = findDeployment(configuration, "dev");
      const now = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000 + 43_200_000);
      const nowSeconds = now.getTime() / 1000;
      const store = createDynamoAppearanceStore(
        database.client,
        localTableNames,
        { now: () => now },
        () => 30,
      );
      const save = async (
        channel: string,
        name: "watching" | "error",
        message: string,
        lastPolledAt: number,
      ): Promise<void> => {
        const lease = await store.acquireLease(channel, "run", 60);
        if (lease !== undefined) await store.saveState(lease, {}, { name, message, lastPolledAt });
      };
      await save("fresh", "watching", "", nowSeconds - 100);
      await save("failing", "error", "The server answered 404.", nowSeconds - 10);
      await save("old", "watching", "", nowSeconds - 200);
      await store.setPaused("paused", true);
      const lines: string[] = [];

      const problems = await checkChannels(
        {
          deployment,
          names: {
            ...buildDeploymentNames(deployment),
            channelsTable: localTableNames.channels,
          },
          database: database.client,
        },
        configuration,
        { report: (line) => lines.push(line), now },
      );

      expect(problems).to.deep.equal([
        "Channel failing: The server answered 404.",
        "Channel old was watched 200 seconds ago for the last time. Read the log /aws/lambda/reelway-dev-watcher-old.",
        "Channel new has never been watched. Read the log /aws/lambda/reelway-dev-watcher-new.",
      ]);
      expect(lines).to.have.length(names.length);
      expect(lines).to.include.members([
        "Channel fresh: watching.",
        "Channel paused: paused.",
        "Channel night: not watched at this hour.",
      ]);
    } finally {
      await database.close();
    }
  });
});
