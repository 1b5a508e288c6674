import { expect } from "chai";
import { createApi } from "../../../lambdas/api/app.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { matchRoute } from "../../../pipeline/routing/match.ts";
import configured from "../../../reelway.config.ts";
import { unusedPorts } from "./unused-ports.ts";

describe("the API of routes", () => {
  const configuration = parseConfiguration({
    ...configured,
    routes: [
      {
        name: "films",
        prefix: "films/ü *?/",
        extensions: ["mp4", "mov"],
        engine: "ffmpeg",
        recipe: { name: "ladder" },
        outputs: ["ladder/{key}/"],
      },
      {
        name: "web",
        extensions: ["mp4"],
        engine: "elastic-transcoder",
        preset: "1351620000001-100070",
        outputs: ["web/{key|mp4}.mp4"],
      },
    ],
    ignored: { prefixes: ["watermarks/"], extensions: ["srt"] },
    limits: { maxSourceBytes: 1000, maxSourceMinutes: 1.5 },
  });
  const { app } = createApi({ ...unusedPorts, configuration });

  it("lists the routes with the recipes of their engines, what is ignored, and the limits on an upload", async () => {
    expect(await (await app.request("/routes")).json()).to.deep.equal({
      routes: [
        {
          name: "films",
          prefix: "films/ü *?/",
          extensions: ["mp4", "mov"],
          engine: "ffmpeg",
          recipe: "ladder",
        },
        {
          name: "web",
          prefix: "",
          extensions: ["mp4"],
          engine: "elastic-transcoder",
          recipe: "transcode",
        },
      ],
      ignored: { prefixes: ["watermarks/"], extensions: ["srt"] },
      maxSourceBytes: 1000,
      maxSourceMinutes: 1.5,
    });
  });

  it("describes the configuration so that a client finds the route that the router finds", async () => {
    const { routes } = (await (await app.request("/routes")).json()) as {
      readonly routes: readonly {
        readonly name: string;
        readonly prefix: string;
        readonly extensions: string[];
      }[];
    };
    for (const { name, prefix, extensions } of routes)
      for (const extension of extensions) {
        const match = matchRoute(configuration, `${prefix}a.${extension.toUpperCase()}`);
        expect(match.kind === "route" && match.route.name).to.equal(name);
      }
  });

  it("returns 304 for an unchanged list and 400 for a parameter that it does not know", async () => {
    const etag = String((await app.request("/routes")).headers.get("etag"));
    expect((await app.request("/routes", { headers: { "if-none-match": etag } })).status).to.equal(304);
    expect((await app.request("/routes?prefix=films")).status).to.equal(400);
    expect((await app.request("/routes", { method: "POST" })).status).to.equal(405);
  });
});
