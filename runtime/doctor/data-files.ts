import { findBrokenVersions } from "../../adapters/local/broken-versions.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import { type CheckResult, ok } from "../../pipeline/text/check-result.ts";
import { checkDataFiles, type DataFileProblem, toVersionProblem } from "../data-files.ts";
import type { DataFolder } from "../data-folder.ts";

const name = "data files";

/** Converts problems to results; without problems, one result with status `ok`. */
export const toDataFileResults = (problems: readonly DataFileProblem[]): readonly CheckResult[] =>
  problems.length === 0
    ? [ok(name, "no broken files")]
    : problems.map(({ path, severity, reason, consequence }) => ({
        name,
        status: severity === "error" ? "failure" : "warning",
        message: `${path} ${reason}`,
        nextStep: consequence,
      }));

/** Checks every file of the data folder that the runtime depends on, including the records of all objects. */
export const runDataFilesCheck = async (folder: DataFolder): Promise<readonly CheckResult[]> => {
  try {
    const problems = [...(await checkDataFiles(folder))];
    for await (const { path, reason } of findBrokenVersions(folder.objects))
      problems.push(toVersionProblem(path, reason));
    return toDataFileResults(problems);
  } catch (cause) {
    return [
      {
        name,
        status: "failure",
        message: `the files in ${folder.root} cannot be read: ${formatError(cause)}`,
        nextStep: "Correct their permissions, or use another folder with --data DIR.",
      },
    ];
  }
};
