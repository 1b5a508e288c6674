import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageDirectory } from "./package-directory.ts";
import { readPackageManifest } from "./package-manifest.ts";

/**
 * Takes the notes of a version out of a changelog in the format of Keep a Changelog.
 *
 * @param version without `v`
 * @returns the section's text without its heading
 * @throws Error if the version has no section or an empty one
 */
export const findReleaseNotes = (changelog: string, version: string): string => {
  const sections = changelog.split(/^(?=## )/m);
  const section = sections.find((text) => text.split("\n", 1)[0]?.split(/[\s[\]]+/)[1] === version);
  const notes = section?.slice(section.indexOf("\n")).trim() ?? "";
  if (notes === "")
    throw new Error(
      `CHANGELOG.md has no notes for ${version}. Rename the section "Unreleased" to "${version}".`,
    );
  return notes;
};

/** Checks that a tag is that of a version, e.g. `v0.2.0`. @throws Error */
export const assertTag = (tag: string, version: string): void => {
  if (tag !== `v${version}`)
    throw new Error(
      `The tag ${tag} is not that of package.json's version ${version}. Expected: v${version}.`,
    );
};

/** Writes the notes of the release that GITHUB_REF_NAME names to `release/notes.md`. */
export const writeReleaseNotes = (): void => {
  const changelog = readFileSync(join(packageDirectory, "CHANGELOG.md"), "utf8");
  const { version } = readPackageManifest();
  assertTag(process.env.GITHUB_REF_NAME ?? "", version);
  const folder = join(packageDirectory, "release");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "notes.md"), `${findReleaseNotes(changelog, version)}\n`);
};
