import { expect } from "chai";
import { assertTag, findReleaseNotes } from "../../build/release-notes.ts";

const changelog = `# Changelog

## Unreleased

- Next.

## [0.2.0] - 2026-12-01

### Upgrade

- Rename a field.

## 0.1.0

`;

describe("release notes", () => {
  it("are the section of the version, with its subsections", () => {
    expect(findReleaseNotes(changelog, "0.2.0")).to.equal("### Upgrade\n\n- Rename a field.");
  });

  it("are required: a missing or empty section is named", () => {
    for (const version of ["0.3.0", "0.1.0", "0.2"])
      expect(() => findReleaseNotes(changelog, version)).to.throw(`no notes for ${version}`);
  });

  it("belong to the tag of the package's version", () => {
    expect(() => assertTag("v0.2.1", "0.2.0")).to.throw("Expected: v0.2.0");
    assertTag("v0.2.0", "0.2.0");
  });
});
