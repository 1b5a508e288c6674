import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { packageDirectory } from "../build/package-directory.ts";
import { readPackageManifest } from "../build/package-manifest.ts";
import { hashContext, workerContext } from "../terraform/image/build-context.ts";
import { type ProjectPath, type ProjectTemplates, projectPaths } from "./plan-files.ts";

const filesSchema = z.record(z.enum(projectPaths), z.string());

/** Templates that are not files of this repository in the same place. npm packs no file named .gitignore. */
export const templatePaths: Readonly<Partial<Record<ProjectPath, string>>> = {
  "hooks/on-output.ts": "templates/hooks/on-output.ts",
  "tsconfig.json": "templates/tsconfig.json",
  ".gitignore": "templates/gitignore",
  "README.md": "templates/README.md",
};

/** Reads what a project is made from: files of the installed version of Reelway. */
export const readTemplates = async (): Promise<ProjectTemplates> => {
  const readTemplate = async (path: ProjectPath) =>
    [path, await readFile(join(packageDirectory, templatePaths[path] ?? path), "utf8")] as const;
  const files = filesSchema.parse(Object.fromEntries(await Promise.all(projectPaths.map(readTemplate))));
  return {
    reelway: readPackageManifest(),
    contextHash: await hashContext(workerContext),
    files,
  };
};
