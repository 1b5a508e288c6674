import { expect } from "chai";
import { reelway } from "../e2e/program.ts";

/** Usage errors are reported before anything is synthesized, planned or requested from AWS. */
const mistakes: readonly (readonly [mistake: string, args: readonly string[], message: RegExp])[] = [
  ["a deployment that cannot be confirmed", ["deploy", "--stage", "dev"], /not a terminal.*--yes/],
  ["an engine without a build", ["image", "--engine", "podman"], /nothing is built.* Add --stage NAME\./],
  ["an image without a digest", ["deploy", "--stage", "dev", "--image", "ffmpeg:latest"], /URI@sha256:/],
  [
    "a stage to destroy that is confirmed by another name",
    ["destroy", "--stage", "dev", "--include", "routing", "--confirm", "reelway-prod", "--yes"],
    /--confirm reelway-dev/,
  ],
];

/** Commands for a stage that does not exist. */
const unknownStage: readonly (readonly string[])[] = [
  ["plan"],
  ["drift"],
  ["deploy"],
  ["doctor"],
  ["destroy", "--include", "routing", "--confirm", "reelway-moon"],
  ["bootstrap"],
  ["smoke"],
  ["image"],
  ["playback-keys", "rotate"],
  ["playback-keys", "list"],
  ["users", "add", "ann"],
  ["users", "list"],
  ["users", "remove", "ann"],
  ["users", "rotate-key"],
  ["tokens", "create", "backup"],
  ["tokens", "list"],
  ["tokens", "revoke", "0"],
  ["upload", "package.json"],
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

  for (const args of unknownStage)
    it(`name the available stages if the stage does not exist: ${args.join(" ")}`, async () => {
      expect(await reelway([...args, "--stage", "moon"])).to.deep.equal({
        code: 2,
        stdout: "",
        stderr: "reelway: Stage moon does not exist. Available stages: dev, prod.\n",
      });
    });
});
