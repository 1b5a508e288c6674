import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { selectChannels } from "../../../pipeline/configuration/channels-schema.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import defaults from "../../../reelway.config.ts";
import { runChannelChecks } from "../../../runtime/doctor/channels.ts";
import { startOrigin } from "../../adapters/aws/origin.ts";

const playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\ns0.ts\n#EXTINF:2,\ns1.ts\n";

describe("the checks of channels by reelway doctor", () => {
  it("read each manifest, and look for the packages or the file of the detector", async () => {
    const origin = await startOrigin((request, response) => {
      if (request.url === "/live.m3u8") response.end(playlist);
      else response.writeHead(404).end();
    });
    const folder = await mkdtemp(join(tmpdir(), "reelway-doctor-channels-"));
    try {
      const channel = { stages: ["local"], clipLabels: ["person"] };
      const { channels } = parseConfiguration({
        ...defaults,
        channels: [
          {
            ...channel,
            name: "live",
            manifestUrl: origin.toUrl("/live.m3u8", "127.0.0.1"),
            detector: "human",
          },
          {
            ...channel,
            name: "off",
            manifestUrl: origin.toUrl("/off.m3u8", "127.0.0.1"),
            detector: "recorded",
            recordedDetections: join(folder, "missing.json"),
          },
        ],
      });

      const results = await runChannelChecks(selectChannels(channels, "local"), [folder]);

      expect(results.map(({ name, status }) => [name, status])).to.deep.equal([
        ["channel live detector", "failure"],
        ["channel live manifest", "ok"],
        ["channel off detector", "failure"],
        ["channel off manifest", "warning"],
      ]);
      const [packages, live, recorded, off] = results.map(({ message }) => message);
      expect(packages).to.include("npm install --save-exact @vladmandic/human@");
      expect(live).to.equal("the manifest can be read: 2 segments");
      expect(recorded).to.include("missing.json");
      expect(off).to.include("404");
    } finally {
      await origin.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
