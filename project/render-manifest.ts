import * as z from "zod";
import { UserError } from "../pipeline/errors/errors.ts";
import { parseDocument, renderChanged, renderDocument } from "./json-document.ts";

/** What a project takes from Reelway's package.json. */
export interface ReelwayManifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const fileName = "package.json";
const strings = z.record(z.string(), z.string());
const manifestSchema = z.object({
  scripts: strings.default({}),
  dependencies: strings.default({}),
  devDependencies: strings.default({}),
});

/** The project and Reelway share these packages, so they need the versions that Reelway is tested with. */
const sharedPackages = ["@cdktf/provider-aws", "cdktf", "constructs"];
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

const getVersion = ({ devDependencies }: ReelwayManifest, name: string): string => {
  const version = devDependencies[name];
  if (version === undefined) throw new Error(`Reelway's package.json has no version of ${name}.`);
  return version;
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
  for (const name of sharedPackages)
    pinned[name in dependencies ? "dependencies" : "devDependencies"][name] = getVersion(reelway, name);
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
    packages.devDependencies["@types/node"] = getVersion(reelway, "@types/node");
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
