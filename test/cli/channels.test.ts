import { expect } from "chai";
import sinon from "sinon";
import { formatChannel, listChannels, noChannelsMessage } from "../../cli/actions/channels.ts";
import type { AppearanceDocument } from "../../pipeline/api/appearance-document.ts";
import { createClient } from "../../runtime/client.ts";
import { catchError } from "../catch-error.ts";
import { createApiChannels } from "../runtime/server/api-channels.ts";
import { type ServedApp, serveApp } from "../runtime/server/serve-app.ts";

describe("reelway channels", () => {
  let app: ServedApp;
  before(async () => {
    app = await serveApp({ channels: await createApiChannels() });
  });
  after(() => app.close());

  it("lists, pauses and resumes the channels of a runtime", async () => {
    const client = createClient({ port: app.server.port });

    const [channel, ...others] = await client.listChannels();
    const paused = await client.changeChannel("news", "pause");
    const resumed = await client.changeChannel("news", "resume");

    expect(others).to.deep.equal([]);
    expect(channel === undefined ? "" : formatChannel(channel)).to.equal(
      "news  pending  0 of 1000 detections this hour  $0.00 of $10.00 today",
    );
    expect(formatChannel(paused)).to.include("news  paused  ");
    expect(resumed.paused).to.equal(false);
    expect(await catchError(client.changeChannel("other", "pause"))).to.have.property(
      "message",
      "Channel other does not exist. List the channels with npx reelway channels list or GET /channels.",
    );
  });

  it("says how to add a channel when the list is empty, and prints nothing that a program would read", async () => {
    const empty = await serveApp({ channels: { ...(await createApiChannels()), settings: [] } });
    const sandbox = sinon.createSandbox();
    const [output, errors] = [sandbox.stub(process.stdout, "write"), sandbox.stub(process.stderr, "write")];
    try {
      await listChannels({ data: empty.root, port: empty.server.port });
      await listChannels({ data: empty.root, port: empty.server.port, json: true });
    } finally {
      sandbox.restore();
      await empty.close();
    }
    expect(errors.args.map(([text]) => text)).to.deep.equal([`${noChannelsMessage}\n`]);
    expect(output.args.map(([text]) => String(text)).join("")).to.equal('{\n  "channels": []\n}\n');
  });

  it("prints what is on now and the watcher's message, without control characters", async () => {
    const client = createClient({ port: app.server.port });
    const [channel] = await client.listChannels();
    if (channel === undefined) throw new Error("There is no channel.");
    const appearance: AppearanceDocument = {
      id: "a",
      label: "Cup",
      status: "open",
      start: "2026-11-30T12:00:00Z",
      end: null,
      inexactEdges: [],
      confidence: 90,
      imageUrl: null,
      clip: null,
    };

    const line = formatChannel({
      ...channel,
      status: "error",
      message: "Status\u001b[31m 403.",
      current: [appearance],
    });

    expect(line).to.match(/^news {2}error {2}.* {2}on now: Cup {2}Status/);
    expect(line).to.not.include("\u001b");
  });
});
