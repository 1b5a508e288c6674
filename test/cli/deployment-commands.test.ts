import { expect } from "chai";
import { reelway } from "../e2e/program.ts";

/** What a person typed wrongly is told before anything is synthesised, planned or asked of AWS. */
const mistakes: readonly (readonly [what: string, words: readonly string[], told: RegExp])[] = [
  ["a deployment that nobody can be asked about", ["deploy", "--stage", "dev"], /no terminal.*--yes/],
  [
    "an image without a digest",
    ["deploy", "--stage", "dev", "--yes", "--image", "ffmpeg:latest"],
    /URI@sha256:/,
  ],
  ["an unknown stage to deploy", ["deploy", "--stage", "moon", "--yes"], /no stage moon.*dev, prod/],
  ["an unknown stage to bootstrap", ["bootstrap", "--stage", "moon"], /no stage moon.*dev, prod/],
  [
    "a stage to destroy that is confirmed by another name",
    ["destroy", "--stage", "dev", "--include", "routing", "--confirm", "reelway-prod", "--yes"],
    /--confirm reelway-dev/,
  ],
  [
    "a stage to destroy without a stack",
    ["destroy", "--stage", "dev", "--confirm", "reelway-dev"],
    /--include/,
  ],
  ["a build argument without a value", ["image", "--stage", "dev", "--build-arg", "BASE"], /NAME=VALUE/],
  ["an engine that is none", ["image", "--stage", "dev", "--engine", "kaniko"], /docker, podman, buildah/],
];

describe("commands that bring a stage up and down", () => {
  for (const [what, words, told] of mistakes)
    it(`refuse ${what}`, async () => {
      const { code, stdout, stderr } = await reelway(words);

      expect(code).to.equal(2);
      expect(stdout).to.equal("");
      expect(stderr)
        .to.match(told)
        .and.not.match(/^\s+at /m);
    });

  it("say whether the record of the image is that of its sources", async () => {
    const { code, stdout } = await reelway(["image", "--json"]);

    expect(code).to.equal(0);
    const { before, after, written } = JSON.parse(stdout);
    expect(after).to.deep.equal(before);
    expect(written).to.equal(false);
  });
});
