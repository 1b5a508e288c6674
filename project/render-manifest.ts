import * as z from "zod";
import { listSharedPackages, type PackageManifest } from "../build/package-manifest.ts";
import { UserError } from "../pipeline/errors/errors.ts";
import { parseDocument, renderChanged, renderDocument } from "./json-document.ts";

/** What a project takes from Reelway's package.json. */
export type ReelwayManifest = Pick<PackageManifest, "version" | "devDependencies" | "peerDependencies">;

const fileName = "package.json";
const strings = z.record(z.string(), z.string());
const manifestSchema = z.object({
  scripts: strings.default({}),
  dependencies: strings.default({}),
  devDependencies: strings.default({}),
});

const scripts = Object.fromEntries(
  ["demo", "start", "synth", "policy"].map((name) => [name, `reelway ${name}`]),
);

const parseManifest = (text: string) => {
  const document = parseDocument(fileName, text);
  const parsed = manifestSchema.safeParse(document);
  if (parsed.success) return { document, ...parsed.data };
  const [field = ""] = parsed.error.issues[0]?.path ?? [];
  throw new UserError(`${fileName}: ${String(field)} must be an object whose values are strings.`);
};

/** True if `npm install` alone wrote the package.json: it has nothing but dependencies. */
export const isBareManifest = (text: string): boolean =>
  Object.keys(parseDocument(fileName, text)).every((name) => name === "dependencies");

/** Sets the versions of the shared packages where the project lists them, otherwise as development dependencies. */
const pinSharedPackages = (
  {
    dependencies,
    devDependencies,
  }: Pick<z.output<typeof manifestSchema>, "dependencies" | "devDependencies">,
  reelway: ReelwayManifest,
) => {
  const pinned = { dependencies: { ...dependencies }, devDependencies: { ...devDependencies } };
  if (!("reelway" in dependencies || "reelway" in devDependencies))
    pinned.dependencies.reelway = `^${reelway.version}`;
  for (const [name, version] of Object.entries(listSharedPackages(reelway)))
    pinned[name in dependencies ? "dependencies" : "devDependencies"][name] = version;
  return pinned;
};

/**
 * Renders the project's package.json. An existing one only gets missing scripts, the dependency on Reelway, and the versions
 * of the shared packages; one that `npm install` alone wrote becomes a complete one.
 *
 * @throws UserError if the existing one is not valid
 */
export const renderManifest = (
  { project, reelway }: { readonly project: string; readonly reelway: ReelwayManifest },
  existing = "{}",
): string => {
  const manifest = parseManifest(existing);
  const packages = pinSharedPackages(manifest, reelway);
  if (isBareManifest(existing)) {
    // The types of what hooks use, e.g. console.
    packages.devDependencies["@types/node"] = reelway.devDependencies["@types/node"] ?? "*";
    return renderDocument({ name: project, private: true, type: "module", scripts, ...packages });
  }
  // The project's own scripts come first and win.
  const mergedScripts = { ...manifest.scripts, ...scripts, ...manifest.scripts };
  return renderChanged(
    { ...manifest.document, scripts: mergedScripts, ...packages },
    manifest.document,
    existing,
  );
};
