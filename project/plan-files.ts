import { parseDocument, renderChanged, renderDocument } from "./json-document.ts";
import { renderConfiguration } from "./render-configuration.ts";
import { isBareManifest, type ReelwayManifest, renderManifest } from "./render-manifest.ts";
import type { ProjectSettings } from "./settings.ts";

/** The paths of all files, in the order in which they are shown. */
export const projectPaths = [
  "package.json",
  "reelway.config.ts",
  "main.ts",
  "cdktf.json",
  "image.json",
  "hooks/on-output.ts",
  ".github/workflows/plan.yml",
  ".github/workflows/deploy.yml",
  ".github/workflows/deploy-stage.yml",
  ".github/workflows/drift.yml",
  "tsconfig.json",
  ".gitignore",
  "README.md",
] as const;
/** Path of a file, relative to the project's folder. */
export type ProjectPath = (typeof projectPaths)[number];

/** What Reelway brings to a project. */
export interface ProjectTemplates {
  readonly reelway: ReelwayManifest;
  /** Hash of the sources of the worker's image. */
  readonly contextHash: string;
  /** For each file of the project, the text that it is made from. */
  readonly files: Readonly<Record<ProjectPath, string>>;
}

/**
 * - `created`: the file is new;
 * - `unchanged`: the file is what Reelway would write;
 * - `kept`: the file is the team's own, whatever it contains;
 * - `differs`: the file would change, and is not written;
 * - `updated`: the file changes.
 */
export type FileStatus = "created" | "unchanged" | "kept" | "differs" | "updated";

/** A file of the project, and what becomes of it. */
export interface PlannedFile {
  readonly path: ProjectPath;
  readonly status: FileStatus;
  /** What Reelway would write. */
  readonly content: string;
  /** Absent for a new file. */
  readonly previous?: string;
}

/** The existing files of the project by path. */
export type ExistingFiles = Readonly<Partial<Record<ProjectPath, string>>>;

/** Once they exist, these files are the team's own. */
const ownPaths: ReadonlySet<ProjectPath> = new Set([
  "reelway.config.ts",
  "main.ts",
  "hooks/on-output.ts",
  "README.md",
]);

const addMissingLines = (template: string, existing = ""): string => {
  const lines = new Set(existing.split("\n").map((line) => line.trim()));
  const missing = template.split("\n").filter((line) => !lines.has(line) && line !== "");
  if (missing.length === 0) return existing;
  const separator = existing === "" || existing.endsWith("\n") ? "" : "\n";
  return `${existing}${separator}${missing.join("\n")}\n`;
};

/** The digest of the image is the team's; the hash of its sources follows the version of Reelway. */
const renderImageRecord = (template: string, contextHash: string, existing?: string): string => {
  if (existing === undefined)
    return renderDocument({ ...parseDocument("image.json", template), digest: null, contextHash });
  const record = parseDocument("image.json", existing);
  return renderChanged({ ...record, contextHash }, record, existing);
};

const renderFile = (
  path: ProjectPath,
  settings: ProjectSettings,
  { files, reelway, contextHash }: ProjectTemplates,
  existing?: string,
): string => {
  const { project, stages } = settings;
  switch (path) {
    case "package.json":
      return renderManifest({ project, reelway }, existing);
    case "reelway.config.ts":
      return renderConfiguration(files[path], settings);
    case "cdktf.json":
      return renderDocument({
        ...parseDocument(path, files[path]),
        app: "npx reelway synth",
        projectId: project,
      });
    case "image.json":
      return renderImageRecord(files[path], contextHash, existing);
    case ".gitignore":
      return addMissingLines(files[path], existing);
    case "README.md":
      return files[path].replaceAll("PROJECT", project).replaceAll("STAGE", stages[0] ?? "dev");
    default:
      return files[path];
  }
};

/**
 * Plans the files of a project. Existing files are never changed unless `shouldWrite` is set, except a package.json that
 * `npm install` alone wrote.
 *
 * @throws UserError if a JSON file of the project is not valid
 */
export const planFiles = (
  settings: ProjectSettings,
  templates: ProjectTemplates,
  existing: ExistingFiles,
  shouldWrite = false,
): readonly PlannedFile[] =>
  projectPaths.map((path) => {
    const previous = existing[path];
    const content = renderFile(path, settings, templates, previous);
    if (previous === undefined) return { path, content, status: "created" };
    const getStatus = (): FileStatus => {
      if (content === previous) return "unchanged";
      if (ownPaths.has(path)) return "kept";
      return shouldWrite || (path === "package.json" && isBareManifest(previous)) ? "updated" : "differs";
    };
    return { path, content, previous, status: getStatus() };
  });
