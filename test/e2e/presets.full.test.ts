import { expect } from "chai";
import { systemPresets } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { describePresets } from "./describe-presets.ts";
import { debianPrograms, packagedPrograms } from "./media-programs.ts";

describe("the system presets", () => {
  it("include all 62", () => {
    expect(new Set(systemPresets.map(({ Id }) => Id)).size).to.equal(62);
  });
});

// Neither build lacks a codec of theirs.
for (const programs of [packagedPrograms(), debianPrograms()]) describePresets(programs, systemPresets);
