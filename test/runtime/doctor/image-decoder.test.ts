import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runImageCheck } from "../../../runtime/doctor/image-decoder.ts";

describe("the check of the image program", () => {
  it("passes with sharp, and fails with a fix if sharp cannot be loaded", async () => {
    expect(await runImageCheck()).to.include({ status: "ok", nextStep: null });

    const folder = await mkdtemp(join(tmpdir(), "reelway-images-"));
    try {
      const program = join(folder, "image.cjs");
      const failure = { kind: "failure", reason: "program", detail: "Error: Cannot find module 'sharp'" };
      await writeFile(program, `process.stdout.write(${JSON.stringify(JSON.stringify(failure))});`);
      const result = await runImageCheck(program);
      expect(result).to.include({ status: "failure" });
      expect(result.message).to.include("Cannot find module 'sharp'");
      expect(result.nextStep).to.include("npm install --include=optional");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
