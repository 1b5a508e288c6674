import { expect } from "chai";
import { buildFileName } from "../../web/player/file-name.ts";
import { RenditionList } from "../../web/player/rendition-list.ts";
import { buildTimeLink, parseTimeParameter } from "../../web/player/time.ts";

describe("the time of a link", () => {
  it("is in seconds, or in hours, minutes and seconds", () => {
    for (const [text, seconds] of [
      ["83", 83],
      ["83s", 83],
      ["1m23s", 83],
      ["1m", 60],
      ["2h", 7200],
      ["1h2m3s", 3723],
      ["1.5", 1.5],
      ["0", 0],
    ] as const)
      expect(parseTimeParameter(text), text).to.equal(seconds);
  });

  it("is absent from any other text", () => {
    for (const text of [undefined, "", "s", "-1", "1:23", "1s2m", "NaN", "1e3", "9".repeat(400), "1h2h"])
      expect(parseTimeParameter(text), text).to.equal(undefined);
  });

  it("replaces an earlier one, and keeps the other parameters", () => {
    expect(buildTimeLink("https://a.example/watch/id?t=1&x=%26#part", 83.9)).to.equal(
      "https://a.example/watch/id?t=83&x=%26",
    );
    expect(buildTimeLink("https://a.example/shared/a.b.c", 0)).to.equal("https://a.example/shared/a.b.c?t=0");
  });
});

describe("the name of a file to download", () => {
  it("is the title with the extension of the URL", () => {
    const build = (url: string) => buildFileName({ title: "Film 1.5", url });
    expect(build("https://a.example/output/a/b%2F.mp4?signature=a.b")).to.equal("Film 1.5.mp4");
    expect(build("https://a.example/output.d/file")).to.equal("Film 1.5");
  });
});

describe("the renditions of a video element", () => {
  const renditions = [360, 720].map((height, index) => ({
    id: String(index),
    width: (height * 16) / 9,
    height,
    bitrate: height * 1000,
  }));

  it("are read by index, and iterated", () => {
    const list = new RenditionList();
    list.replace(renditions);
    expect([list.length, list[1], [...list]]).to.deep.equal([2, renditions[1], renditions]);
    expect(Array.prototype.findIndex.call(list, ({ id }) => id === "1")).to.equal(1);
    list.replace([]);
    expect([list.length, list[0], [...list]]).to.deep.equal([0, undefined, []]);
  });

  it("report changes and the user's choice, which the next video does not keep", () => {
    const list = new RenditionList();
    const events: string[] = [];
    const selected: number[] = [];
    for (const type of ["addrendition", "change"])
      list.addEventListener(type, (event) => events.push(event.type));
    list.onSelect = (index) => selected.push(index);
    list.replace(renditions);
    list.selectedIndex = 1;
    expect(list.selectedIndex).to.equal(1);
    list.replace(renditions);
    expect([list.selectedIndex, selected, events]).to.deep.equal([
      -1,
      [1],
      ["addrendition", "change", "addrendition"],
    ]);
  });
});
