import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { InvalidArgumentError } from "commander";
import { collectMetadata, collectOrigins, parseTimeOrAge } from "../../cli/arguments.ts";
import { resolveUploadFiles } from "../../cli/upload-files.ts";
import { UsageError } from "../../pipeline/errors/errors.ts";

describe("files to upload", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-arguments-"));
    await mkdir(join(folder, "b"));
    for (const name of ["film.mp4", "empty.mp4", "b/film.mp4", "new\nline.mp4"])
      await writeFile(join(folder, name), name === "empty.mp4" ? "" : "film");
    await symlink("loop", join(folder, "loop"));
    await symlink("/dev/null", join(folder, "device"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const resolve = (names: readonly string[], prefix = "") =>
    resolveUploadFiles(
      names.map((name) => join(folder, name)),
      prefix,
    );

  it("become uploads without duplicates, even if empty", async () => {
    expect(await resolve(["film.mp4", "empty.mp4", "b/../film.mp4"], "films/")).to.deep.equal([
      { path: join(folder, "film.mp4"), key: "films/film.mp4", bytes: 4 },
      { path: join(folder, "empty.mp4"), key: "films/empty.mp4", bytes: 0 },
    ]);
  });
  for (const [kind, names, prefix, message] of [
    ["a missing file", ["film.mp4", "missing.mp4"], "", /^File .*missing\.mp4 does not exist\.$/],
    ["a folder", ["film.mp4", "b"], "", /b is a folder\. Pass the files in it\.$/],
    ["neither file nor folder", ["device"], "", /device is not a file\.$/],
    ["a file that cannot be read", ["loop"], "", /loop cannot be read: ELOOP\.$/],
    [
      "a key that is too long",
      ["film.mp4"],
      "a/".repeat(512),
      /The key, prefix included, is longer than 1024 bytes\. Rename the file\.$/,
    ],
    [
      "a name with a control character",
      ["new\nline.mp4"],
      "",
      /^The name of .*new.*line\.mp4 is not valid\. It has a control character.*\. Rename the file\.$/,
    ],
    [
      "a prefix that leads elsewhere",
      ["film.mp4"],
      "../",
      /^The prefix \.\.\/ is not valid\..*Choose another one\.$/,
    ],
    [
      "two files with one key",
      ["film.mp4", "b/film.mp4"],
      "",
      /have the same key, film\.mp4\. Upload them with different prefixes\.$/,
    ],
  ] as const)
    it(`are rejected as a usage error if one is ${kind}`, async () => {
      const cause = await resolve(names, prefix).then(
        () => expect.fail("nothing was rejected"),
        (error: unknown) => error,
      );
      expect(cause).to.be.instanceOf(UsageError).with.property("message").that.matches(message);
    });
});

describe("--metadata", () => {
  it("rejects the names that choose the key of an upload", () => {
    for (const name of ["prefix", "name", "Type", "relativePath"])
      expect(() => collectMetadata(`${name}=x`, {}), name).to.throw(InvalidArgumentError, "use --prefix");
    expect(collectMetadata("Recorded-By=me", {})).to.deep.equal({ "recorded-by": "me" });
  });
});

describe("--allow-origin", () => {
  it("accepts origins as browsers send them", () => {
    const origins = ["http://localhost:3000", "https://app.example", "http://[::1]:8080"];
    const collected = origins.reduce<readonly string[]>((before, text) => collectOrigins(text, before), []);
    expect(collected).to.deep.equal(origins);
  });

  it("rejects other values and patterns", () => {
    for (const text of [
      "*",
      "null",
      "",
      "app.example",
      "http://*",
      "https://*.app.example/",
      "http://app.example/",
      "https://app.example:443",
      "http://APP.example",
      "http://user@app.example",
      "http://app.example/path",
      "ftp://app.example",
      "file:///tmp",
      "chrome-extension://abc",
    ])
      expect(() => collectOrigins(text, []), text).to.throw(InvalidArgumentError);
  });
});

describe("a time", () => {
  it("is an age, a date, or a time with a zone", () => {
    const ageMs = 36 * 3_600_000;
    const before = Date.now();
    const timeMs = Date.parse(parseTimeOrAge("36h"));
    expect(timeMs).to.be.within(before - ageMs, Date.now() - ageMs);
    expect(parseTimeOrAge("2026-11-30")).to.equal("2026-11-30T00:00:00.000Z");
    expect(parseTimeOrAge("2026-11-30T08:00+02:00")).to.equal("2026-11-30T06:00:00.000Z");
  });
  for (const text of ["2026-11-30T08:00", "2026-13-01", "3 days", "-1h", "yesterday", ""])
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(() => parseTimeOrAge(text)).to.throw(InvalidArgumentError, "12h");
    });
});
