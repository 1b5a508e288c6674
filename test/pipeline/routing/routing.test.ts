import { expect } from "chai";
import fc from "fast-check";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { matchRoute } from "../../../pipeline/routing/match.ts";
import { planOutputKeys } from "../../../pipeline/routing/plan-outputs.ts";
import { findTemplateProblem, getExtension, renderTemplate } from "../../../pipeline/routing/template.ts";
import defaults from "../../../reelway.config.ts";

const configuration = parseConfiguration(defaults);
const describeRoute = (key: string) => {
  const match = matchRoute(configuration, key);
  return match.kind === "route" ? match.route.name : match.kind;
};
const listOutputs = (key: string): readonly string[] => {
  const match = matchRoute(configuration, key);
  if (match.kind !== "route") throw new Error(`${key} is ${match.kind}`);
  return planOutputKeys(match.route, key);
};

describe("matchRoute", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["thumbnails/a.mp4", "thumbnails"],
    ["thumbnails/deep/a.MKV", "thumbnails"],
    ["thumbnails/a.mp3", "unrouted"],
    ["unprocessed-videos/a.mov", "watermarks"],
    ["images/a.TIFF", "images"],
    ["images/a.mp4", "unrouted"],
    ["responses/a.webm", "responses"],
    ["responses/a.mkv", "unrouted"],
    ["a.mp4", "web"],
    ["a.M4V", "web"],
    ["folder/a.mkv", "ladder"],
    ["a.opus", "audio"],
    ["a.txt", "unrouted"],
    ["README", "unrouted"],
    [".mp4", "unrouted"],
    ["a.srt", "ignored"],
    ["thumbnails/a.JSON", "ignored"],
    ["watermarks/default.png", "ignored"],
    ["watermarks/film.mp4", "ignored"],
    ["folder/", "ignored"],
    ["folder.mp4/", "ignored"],
    ["-rf.mp4", "web"],
    ["../../etc/passwd.mp4", "web"],
    ["a\r\nb.mp4", "web"],
    ["日本語 ü+%41.mp4", "web"],
  ];
  for (const [key, expected] of cases)
    it(`matches ${JSON.stringify(key)} as ${expected}`, () => {
      expect(describeRoute(key)).to.equal(expected);
    });

  it("lists accepted extensions for an object without a route", () => {
    expect(matchRoute(configuration, "responses/a.mkv")).to.eql({
      kind: "unrouted",
      prefix: "responses/",
      acceptedExtensions: ["mov", "mp4", "webm"],
    });
  });

  it("prefers the longer prefix for any order of routes", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...configuration.routes], { minLength: configuration.routes.length }),
        fc.constantFrom("thumbnails/x.mp4", "responses/x.mov", "images/x.png", "x.mkv", "y/x.wav"),
        (routes, key) => {
          expect(matchRoute({ ...configuration, routes }, key)).to.eql(matchRoute(configuration, key));
        },
      ),
    );
  });
});

describe("output keys", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["thumbnails/a/b.MOV", ["thumb/a/b.MOV.png"]],
    ["unprocessed-videos/b.mp4", ["watermarked/b.mp4.mp4"]],
    ["images/x/cat.jpeg", ["images/x/cat.jpeg.webp", "images/x/cat.jpeg.jpg"]],
    ["responses/q/a.webm", ["output/web/responses/q/a.webm.mp4"]],
    ["responses/q/a.MP4", ["output/web/responses/q/a.mp4"]],
    ["shows/one.mp4", ["output/web/shows/one.mp4"]],
    ["shows/one.mov", ["output/web/shows/one.mov.mp4"]],
    ["shows/one.two.mkv", ["output/shows/one.two.mkv/"]],
    ["talk.wav", ["audio/talk.wav.m4a"]],
    ["a/../b.mp4", ["output/web/a/../b.mp4"]],
    ["-x.mp4", ["output/web/-x.mp4"]],
    ["a\r\nb.mp4", ["output/web/a\r\nb.mp4"]],
    ["$&{name}.mp4", ["output/web/$&{name}.mp4"]],
  ];
  for (const [key, expected] of cases)
    it(`of ${JSON.stringify(key)}`, () => {
      expect(listOutputs(key)).to.eql(expected);
    });

  it("may be 1,024 bytes long", () => {
    const key = `${"ü".repeat((1024 - "output/web/.mp4".length - 1) / 2)}x.mp4`;
    expect(Buffer.byteLength(listOutputs(key)[0] ?? "")).to.equal(1024);
  });

  it("over 1,024 bytes are rejected", () => {
    const key = `${"a".repeat(1020)}.mp4`;
    expect(() => listOutputs(key))
      .to.throw(JobFailure, /output key of route "web" is 1035 bytes long; S3 allows 1024/)
      .with.property("code", 1000);
  });

  it("of one route differ for any two keys that differ in more than case", () => {
    const name = fc.stringMatching(/^[a-z0-9 _+%-]{1,12}$/);
    fc.assert(
      fc.property(name, name, fc.constantFrom("mkv", "webm", "avi", "ts"), (one, other, extension) => {
        fc.pre(one !== other);
        expect(listOutputs(`${one}.${extension}`)).not.to.eql(listOutputs(`${other}.${extension}`));
      }),
    );
  });

  it("contain every character of the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 60 }), (text) => {
        const name = `${text.replaceAll("/", "_")}x`;
        expect(listOutputs(`${name}.mkv`)).to.eql([`output/${name}.mkv/`]);
      }),
    );
  });
});

describe("templates", () => {
  it("use the lower-case extension", () => {
    expect(["a.MP4", "a", "a.b.C", ".hidden"].map(getExtension)).to.eql(["mp4", "", "c", ""]);
  });

  it("render every placeholder", () => {
    const rendered = renderTemplate(
      "{path}|{name}|{ext}|{key}|{name|mov}|{key|mov}|{name|mp4}",
      "p/f/n.MOV",
      "p/",
    );
    expect(rendered).to.equal("f/|n|MOV|p/f/n.MOV|n|p/f/n|n.MOV");
  });

  it("render a key without an extension", () => {
    expect(renderTemplate("{name|mp4}.mp4 {key|mp4}", "f/n", "")).to.equal("n.mp4 f/n");
  });

  it("reject a leading slash", () => {
    expect(findTemplateProblem("/a")).to.include("must not begin with a slash");
    expect(findTemplateProblem("a/{name}")).to.equal(undefined);
  });
});
