import { expect } from "chai";
import { reelway } from "../e2e/program.ts";

/** What a person typed wrongly is told before anything is synthesised, planned or asked of AWS. */
const mistakes: readonly (readonly [what: string, words: readonly string[], told: RegExp])[] = [
  ["a deployment that nobody can be asked about", ["deploy", "--stage", "dev"], /not a terminal.*--yes/],
  ["an image without a digest", ["deploy", "--stage", "dev", "--image", "ffmpeg:latest"], /URI@sha256:/],
  [
    "an unknown stage to bootstrap",
    ["bootstrap", "--stage", "moon"],
    /^reelway: Stage moon does not exist\. Available stages: dev, prod\.\n$/,
  ],
  [
    "a stage to destroy that is confirmed by another name",
    ["destroy", "--stage", "dev", "--include", "routing", "--confirm", "reelway-prod", "--yes"],
    /--confirm reelway-dev/,
  ],
];

describe("commands that bring a stage up and down", function () {
  // Each is a process of its own that compiles the whole command.
  this.timeout(30_000);

  for (const [what, words, told] of mistakes)
    it(`refuse ${what}`, async () => {
      const { code, stdout, stderr } = await reelway(words);

      expect(code).to.equal(2);
      expect(stdout).to.equal("");
      expect(stderr)
        .to.match(told)
        .and.not.match(/^\s+at /m);
    });
});
