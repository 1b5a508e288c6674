import { expect } from "chai";
import { reelway } from "../e2e/program.ts";

/** Usage errors are reported before anything is synthesised, planned or requested from AWS. */
const mistakes: readonly (readonly [mistake: string, args: readonly string[], message: RegExp])[] = [
  ["a deployment that cannot be confirmed", ["deploy", "--stage", "dev"], /not a terminal.*--yes/],
  ["an engine without a build", ["image", "--engine", "podman"], /nothing is built.* Add --stage NAME\./],
  ["an image without a digest", ["deploy", "--stage", "dev", "--image", "ffmpeg:latest"], /URI@sha256:/],
  [
    "an unknown stage to bootstrap",
    ["bootstrap", "--stage", "moon"],
    /^reelway: Stage moon does not exist\. Available stages: dev, prod\.\n$/,
  ],
  [
    "playback keys of an unknown stage",
    ["playback-keys", "rotate", "--stage", "moon"],
    /^reelway: Stage moon does not exist\. Available stages: dev, prod\.\n$/,
  ],
  [
    "a stage to destroy that is confirmed by another name",
    ["destroy", "--stage", "dev", "--include", "routing", "--confirm", "reelway-prod", "--yes"],
    /--confirm reelway-dev/,
  ],
];

describe("deployment commands", function () {
  // Each test starts a process that compiles the whole command.
  this.timeout(30_000);

  for (const [mistake, args, message] of mistakes)
    it(`reject ${mistake}`, async () => {
      const { code, stdout, stderr } = await reelway(args);

      expect(code).to.equal(2);
      expect(stdout).to.equal("");
      expect(stderr)
        .to.match(message)
        .and.not.match(/^\s+at /m);
    });
});
