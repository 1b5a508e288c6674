import { expect } from "chai";
import { toRouteList } from "../../pipeline/api/route-list.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import defaults from "../../reelway.config.ts";
import { checkFile, checkFiles, describeMismatch } from "../../web/upload/file-checks.ts";
import { matchUnfinished } from "../../web/upload/match-unfinished.ts";

const routes = toRouteList(parseConfiguration(defaults));
const file = (name: string, folder = "", bytes = 10) => ({ name, folder, bytes });

describe("the check of a file before its upload", () => {
  it("accepts a file of a route with its folders", () => {
    expect(checkFile(routes, "thumbnails/", file("a.MP4", "day 1/"))).to.deep.equal({
      kind: "accepted",
      prefix: "thumbnails/day 1/",
      hasJob: true,
    });
  });

  it("accepts captions, which become no job", () => {
    expect(checkFile(routes, "", file("a.srt"))).to.deep.include({ kind: "accepted", hasJob: false });
  });

  it("refuses a type that the destination does not accept, and lists the accepted ones", () => {
    expect(checkFile(routes, "images/", file("a.mp4"))).to.deep.equal({
      kind: "refused",
      reason:
        "images/ does not accept .mp4 files. Accepted types: jpg, jpeg, png, webp, avif, gif, tif, tiff.",
    });
    expect(checkFile(routes, "", file("README")))
      .to.have.property("reason")
      .that.includes("without an extension");
  });

  it("uses the route of the whole key: a folder can name another destination", () => {
    expect(checkFile(routes, "", file("a.mp4", "images/")))
      .to.have.property("reason")
      .that.matches(/^images\/ does not accept/);
  });

  it("refuses empty files and files over the limit", () => {
    expect(checkFile(routes, "", file("a.mp4", "", 0)))
      .to.have.property("reason")
      .that.includes("empty");
    expect(checkFile(routes, "", file("a.mp4", "", routes.maxSourceBytes)).kind).to.equal("accepted");
    expect(checkFile(routes, "", file("a.mp4", "", routes.maxSourceBytes + 1)))
      .to.have.property("reason")
      .that.includes("the limit is 53.7 GB");
  });

  it("skips hidden and system files, also by their folders", () => {
    for (const one of [
      file(".DS_Store"),
      file("Thumbs.db"),
      file("._a.mp4"),
      file("a.mp4", "__MACOSX/"),
      file("a.mp4", "b/.git/"),
    ])
      expect(checkFile(routes, "", one), one.folder + one.name).to.deep.equal({ kind: "skipped" });
  });

  it("refuses the second of two files with one key", () => {
    const { acceptedFiles, refusedFiles } = checkFiles(
      routes,
      "",
      [file("a.mp4"), file("a.mp4"), file("a.mp4", "b/"), file("c.mp4")],
      ["c.mp4"],
    );
    expect(acceptedFiles.map(({ key }) => key)).to.deep.equal(["a.mp4", "b/a.mp4"]);
    expect(refusedFiles.map(({ name }) => name)).to.deep.equal(["a.mp4", "c.mp4"]);
  });
});

describe("the file chosen again for an unfinished upload", () => {
  const upload = { name: "a.mp4", bytes: 10, lastModified: 1 };

  it("is the same by name, size and time of its last change", () => {
    expect(describeMismatch(upload, { ...upload })).to.equal(undefined);
  });

  for (const [title, difference, text] of [
    ["name", { name: "b.mp4" }, "another file"],
    ["size", { bytes: 11 }, "it has 11 B (11 bytes), the upload has 10 B (10 bytes)"],
    ["time of its last change", { lastModified: 2 }, "changed after the upload started"],
  ] as const)
    it(`is refused with another ${title}`, () => {
      expect(describeMismatch(upload, { ...upload, ...difference })).to.include(text);
    });
});

describe("the unfinished uploads of chosen files", () => {
  const identity = { name: "a.mp4", bytes: 10, lastModified: 1 };
  const uploads = ["b/a.mp4", "a.mp4"].map((key) => ({ id: `upload of ${key}`, key, ...identity }));

  it("are those of the same key, each for one file", () => {
    const files = ["a.mp4", "b/a.mp4", "a.mp4"].map((key) => ({ key, ...identity }));
    expect([...matchUnfinished(files, uploads)]).to.deep.equal([
      [files[0], "upload of a.mp4"],
      [files[1], "upload of b/a.mp4"],
    ]);
  });

  it("do not take a file for another key, or another file", () => {
    const files = [
      { ...identity, key: "thumbnails/a.mp4" },
      { ...identity, key: "a.mp4", bytes: 11 },
    ];
    expect(matchUnfinished(files, uploads)).to.deep.equal(new Map());
  });
});
