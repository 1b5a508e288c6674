import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { catchJobFailure, listProblems, type RecipeBench } from "./recipe-bench.ts";

/** Sources that do not match their name, or are incomplete. */
export const describeRejections = ({ folder, server, make }: RecipeBench): void => {
  it("rejects text with 4000", async () => {
    const error = await catchJobFailure(make({ name: "clip", durationSeconds: 1 }, "text.mp4"));

    expect(error.code).to.equal(4000);
  });

  const pointers: Readonly<Record<string, (url: string) => string>> = {
    playlist: (url) => `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n${url}\n#EXT-X-ENDLIST\n`,
    "concat-script": (url) => `ffconcat version 1.0\nfile ${url}\n`,
  };
  for (const [kind, textOf] of Object.entries(pointers))
    it(`rejects a ${kind} named .mp4 with 4000 without opening what it references`, async () => {
      await writeFile(join(folder(), `${kind}.mp4`), textOf(server().url("secret.mp4")));
      const error = await catchJobFailure(make({ name: "clip", durationSeconds: 1 }, `${kind}.mp4`));

      expect(error.code).to.equal(4000);
      expect(server().requests).not.to.include("secret.mp4");
    });

  it("detects a truncated source by its declared duration", async () => {
    const outputs = await make({ name: "watermark" }, "cut.mkv");

    expect(listProblems(outputs)[0]).to.match(/^is 1\.\d+ s long, expected 4\.\d+ s$/);
  });

  it("reports a source truncated before its thumbnail", async () => {
    const error = await catchJobFailure(make({ name: "thumbnail" }, "cut.mkv"));

    expect(error.code).to.equal(4002);
  });
};
