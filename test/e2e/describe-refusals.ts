import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { failureOf, problems, type RecipeBench } from "./recipe-bench.ts";

/** Sources that are not what their name says, or not whole. */
export const describeRefusals = ({ folder, server, make }: RecipeBench): void => {
  it("refuses text with 4000", async () => {
    const error = await failureOf(make({ name: "clip", durationSeconds: 1 }, "text.mp4"));

    expect(error.code).to.equal(4000);
  });

  const pointers: Readonly<Record<string, (url: string) => string>> = {
    playlist: (url) => `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n${url}\n#EXT-X-ENDLIST\n`,
    "concat-script": (url) => `ffconcat version 1.0\nfile ${url}\n`,
  };
  for (const [kind, textOf] of Object.entries(pointers))
    it(`refuses a ${kind} named .mp4 with 4000 and never asks for what it points at`, async () => {
      await writeFile(join(folder(), `${kind}.mp4`), textOf(server().url("secret.mp4")));
      const error = await failureOf(make({ name: "clip", durationSeconds: 1 }, `${kind}.mp4`));

      expect(error.code).to.equal(4000);
      expect(server().requests).not.to.include("secret.mp4");
    });

  it("finds that a source is cut short by the length it declares", async () => {
    const made = await make({ name: "watermark" }, "cut.mkv");

    expect(problems(made)[0]).to.match(/^is 1\.\d+ s long, expected 4\.\d+ s$/);
  });

  it("tells of a source that is cut before the moment of its thumbnail", async () => {
    const error = await failureOf(make({ name: "thumbnail" }, "cut.mkv"));

    expect(error.code).to.equal(4002);
  });
};
