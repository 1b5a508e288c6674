import { expect } from "chai";
import { type ConfigurationInput, parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { matchRoute } from "../../../pipeline/routing/match.ts";
import { planOutputKeys } from "../../../pipeline/routing/plan-outputs.ts";
import defaults from "../../../reelway.config.ts";
import { planClips } from "../../../terraform/smoke/plan.ts";

const name = "smoke-0123456789";
const configureRoutes = (routes: ConfigurationInput["routes"]) => parseConfiguration({ ...defaults, routes });

describe("the plan of a smoke test", () => {
  it("has one matching clip per route, under the run's own names", () => {
    const configuration = parseConfiguration(defaults);
    const planned = planClips(configuration, [], name);
    expect(planned.map(({ route }) => route.name)).to.deep.equal(defaults.routes.map((route) => route.name));
    for (const { route, key, inputPrefix, outputPrefixes } of planned) {
      const match = matchRoute(configuration, key);
      expect(match.kind === "route" && match.route.name).to.equal(route.name);
      expect(inputPrefix).to.match(new RegExp(`${name}$`));
      expect(key.startsWith(inputPrefix)).to.equal(true);
      for (const [index, output] of planOutputKeys(route, key).entries())
        expect(output.startsWith(outputPrefixes[index] ?? "nothing")).to.equal(true);
      for (const prefix of outputPrefixes) expect(prefix).to.match(new RegExp(`${name}$`));
    }
  });

  it("has the named routes, in the configuration's order", () => {
    const planned = planClips(parseConfiguration(defaults), ["audio", "images"], name);
    expect(planned.map(({ route, format }) => [route.name, format.extension])).to.deep.equal([
      ["images", "png"],
      ["audio", "wav"],
    ]);
  });

  it("rejects unknown route names", () => {
    expect(() => planClips(parseConfiguration(defaults), ["web", "nothing"], name))
      .to.throw("Route nothing does not exist. Available routes: thumbnails, watermarks,")
      .with.property("name", "UsageError");
  });

  it("makes a clip long enough for a route's clip range", () => {
    const configuration = configureRoutes([
      {
        name: "cuts",
        extensions: ["mov"],
        engine: "ffmpeg",
        recipe: { name: "clip", start: { seconds: 30.5 }, durationSeconds: 10 },
        outputs: ["{name}.mp4"],
      },
    ]);
    expect(planClips(configuration, [], name)[0]?.seconds).to.equal(33);
  });

  it("rejects routes without a possible clip before any upload, with reasons", () => {
    const configuration = configureRoutes([
      {
        name: "raw",
        prefix: "raw/",
        extensions: ["braw"],
        engine: "ffmpeg",
        recipe: { name: "thumbnail" },
        outputs: ["{path}{name}.png"],
      },
      {
        name: "latest",
        prefix: "latest/",
        extensions: ["mp4"],
        engine: "ffmpeg",
        recipe: { name: "thumbnail" },
        outputs: ["latest.png"],
      },
    ]);
    expect(() => planClips(configuration, [], name))
      .to.throw(
        'Nothing was uploaded: no test clip can be generated for route "raw" (extensions braw); route "latest" always writes latest.png',
      )
      .with.property("name", "CommandError");
  });
});
