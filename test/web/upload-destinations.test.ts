import { expect } from "chai";
import fc from "fast-check";
import { toRouteList } from "../../pipeline/api/route-list.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { matchRoute } from "../../pipeline/routing/match.ts";
import defaults from "../../reelway.config.ts";
import { describeDestination, listDestinations, matchKey } from "../../web/upload/destinations.ts";

const configuration = parseConfiguration(defaults);
const routes = toRouteList(configuration);

describe("destinations of uploads", () => {
  it("are the prefixes of the routes, the one without a prefix first", () => {
    const destinations = listDestinations(routes);
    expect(destinations.map(({ prefix }) => prefix)).to.deep.equal([
      "",
      "thumbnails/",
      "unprocessed-videos/",
      "images/",
      "responses/",
    ]);
    expect(destinations[0]?.extensions).to.include.members(["mp4", "mkv", "flac"]);
    expect(destinations[4]?.extensions).to.deep.equal(["webm", "mp4", "mov"]);
  });

  it("say what is made of their files", () => {
    expect(listDestinations(routes).map(describeDestination)).to.deep.equal([
      "Video for the web (MP4); adaptive streaming (HLS and DASH); audio (AAC)",
      "A thumbnail of each video",
      "Video with a watermark",
      "Images in sizes for the web",
      "Video for the web (MP4)",
    ]);
  });

  it("match keys as the router does", () => {
    const segment = fc.constantFrom("thumbnails", "images", "watermarks", "a", "a.b", ".hidden", "", "ü");
    const name = fc.constantFrom("a", "a.mp4", "A.MKV", "a.srt", "a.mp4.exe", ".mp4", "a.", "a.tiff", "");
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 3 }), name, (folders, file) => {
        const key = [...folders, file].join("/");
        const expected = matchRoute(configuration, key);
        const match = matchKey(routes, key);
        expect(match.kind, key).to.equal(expected.kind);
        if (match.kind === "unrouted" && expected.kind === "unrouted") {
          expect(match.prefix).to.equal(expected.prefix);
          expect([...match.extensions].sort()).to.deep.equal(expected.acceptedExtensions);
        }
      }),
    );
  });
});
