import { LambdaClient, ResourceNotFoundException } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { match, stub } from "sinon";
import { createDynamoAppearanceStore } from "../../../adapters/aws/appearance-store.ts";
import { localTableNames, openDatabase } from "../../../adapters/local/database.ts";
import { buildDeploymentNames } from "../../../modules/names.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import defaults from "../../../reelway.config.ts";
import { findDeployment } from "../../../terraform/deployment/find-deployment.ts";
import { checkChannels } from "../../../terraform/smoke/check-channels.ts";

describe("the check of channels of a smoke test", () => {
  it("names the channels that are not deployed, not watched or cannot be read, and what to do", async () => {
    const database = await openDatabase();
    try {
      const names = [
        "fresh",
        "failing",
        "old",
        "paused",
        "new",
        "night",
        "gone",
        "broken",
        "offline",
        "secret",
      ];
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
      await save("secret", "watching", "", nowSeconds - 10);
      await store.setPaused("paused", true);
      const lambda = new LambdaClient({ region: "us-east-1" });
      const send = stub(lambda, "send");
      const answer = (channel: string) =>
        send.withArgs(match({ input: { FunctionName: `reelway-dev-watcher-${channel}` } }));
      send.resolves({ State: "Active", LastUpdateStatus: "Successful" });
      answer("night").resolves({ State: "Inactive", LastUpdateStatus: "Successful" });
      answer("gone").rejects(new ResourceNotFoundException({ message: "not found", $metadata: {} }));
      answer("broken").resolves({
        State: "Active",
        LastUpdateStatus: "Failed",
        LastUpdateStatusReason: "The image's manifest is not supported",
      });
      answer("offline").rejects(new Error("connect ECONNREFUSED 127.0.0.1:9"));
      const denied = new Error("User is not authorized to perform: lambda:GetFunctionConfiguration");
      answer("secret").rejects(Object.assign(denied, { name: "AccessDeniedException" }));
      const lines: string[] = [];

      const problems = await checkChannels(
        {
          deployment,
          names: {
            ...buildDeploymentNames(deployment),
            channelsTable: localTableNames.channels,
          },
          database: database.client,
          lambda,
        },
        configuration,
        { report: (line) => lines.push(line), now },
      );

      expect(problems).to.deep.equal([
        "Channel failing: The server answered 404.",
        "Channel old was watched 200 seconds ago for the last time. Check that its schedule is enabled, and read the log /aws/lambda/reelway-dev-watcher-old.",
        "Channel new has never been watched. Check that its schedule is enabled, and read the log /aws/lambda/reelway-dev-watcher-new.",
        "Channel gone: its function reelway-dev-watcher-gone does not exist. Deploy the stack highlights: npx reelway deploy --stage dev.",
        "Channel broken: its function reelway-dev-watcher-broken cannot run: The image's manifest is not supported. Correct the reason, then run npx reelway deploy --stage dev.",
        "Channel offline: its function reelway-dev-watcher-offline cannot be checked: connect ECONNREFUSED 127.0.0.1:9",
      ]);
      expect(lines).to.have.length(names.length);
      expect(lines).to.include.members([
        "Channel fresh: watching.",
        "Channel secret: watching.",
        "Channel paused: paused.",
        "Channel night: not watched at this hour.",
      ]);
    } finally {
      await database.close();
    }
  });

  it("names a channel whose table does not exist", async () => {
    const database = await openDatabase();
    try {
      const configuration = parseConfiguration({
        ...defaults,
        channels: [
          {
            name: "news",
            manifestUrl: "https://live.example.com/index.m3u8",
            stages: ["dev"],
            clipLabels: ["Person"],
          },
        ],
      });
      const deployment = findDeployment(configuration, "dev");
      const lambda = new LambdaClient({ region: "us-east-1" });
      stub(lambda, "send").resolves({ State: "Active" });
      const lines: string[] = [];

      const problems = await checkChannels(
        { deployment, names: buildDeploymentNames(deployment), database: database.client, lambda },
        configuration,
        { report: (line) => lines.push(line) },
      );

      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(/^Channel news cannot be checked: .*reelway-dev-channels/);
      expect(lines).to.deep.equal(problems);
    } finally {
      await database.close();
    }
  });
});
