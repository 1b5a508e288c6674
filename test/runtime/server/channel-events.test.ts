import { expect } from "chai";
import type { ApiChannels } from "../../../lambdas/api/ports.ts";
import { createApiChannels } from "./api-channels.ts";
import { type ServedApp, serveApp } from "./serve-app.ts";

describe("the events of a channel", () => {
  let channels: ApiChannels;
  let app: ServedApp;
  before(async () => {
    channels = await createApiChannels();
    app = await serveApp({ channels });
  });
  after(() => app.close());

  it("send the channel now and after each change, until the client disconnects", async () => {
    const origin = `http://127.0.0.1:${app.server.port}`;
    const client = new AbortController();
    const response = await fetch(`${origin}/channels/news/events`, { signal: client.signal });
    expect(response.headers.get("content-type")).to.equal("text/event-stream");
    const states: unknown[] = [];
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const fields = new Map(
          text
            .slice(0, end)
            .split("\n")
            .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
        );
        text = text.slice(end + 2);
        if (fields.get("event") !== "channel") continue;
        states.push(JSON.parse(fields.get("data") ?? "").paused);
        if (states.length === 1) await channels.store.setPaused("news", true);
        if (states.length === 2)
          await fetch(`${origin}/channels/news/resume`, {
            method: "POST",
            headers: { "sec-fetch-site": "same-origin" },
          });
      }
      if (states.length === 3) break;
    }
    client.abort();
    expect(states).to.deep.equal([false, true, false]);
    expect(app.failures).to.deep.equal([]);
  });
});
