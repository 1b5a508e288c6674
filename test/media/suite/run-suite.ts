import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { ProducedFile } from "../../e2e/drive-plan.ts";
import type { MediaPrograms } from "../../e2e/media-programs.ts";
import type { MediaInput } from "../inputs/media-input.ts";
import { buildChecks } from "./build-checks.ts";
import type { Check, ConformanceRow, RecipeOutputs } from "./check.ts";
import { createDecodedMedia } from "./decoded-media.ts";
import { publishFiles } from "./publish-files.ts";
import { runRecipe, type SuiteRecipe, type SuiteSources, suiteRecipes } from "./recipe-run.ts";

/** An input with one recipe. */
export interface SuiteCase {
  readonly input: MediaInput;
  readonly recipe: SuiteRecipe;
}

/** Every input with every recipe that takes it. */
export const listCases = (inputs: readonly MediaInput[]): readonly SuiteCase[] =>
  inputs.flatMap((input) =>
    suiteRecipes.filter(({ takes }) => takes(input.facts)).map((recipe) => ({ input, recipe })),
  );

const describeCause = (cause: unknown): string =>
  cause instanceof JobFailure
    ? `Error ${cause.code}: ${cause.message.slice(0, 240)}`
    : (cause instanceof Error ? cause.message : String(cause)).slice(-240);

/** How a job ends, as the worker would report it: complete with verified outputs, or an Error. */
export const buildStatusText = ({ facts }: MediaInput): string =>
  facts.errorCode === undefined ? "Complete" : `Error ${facts.errorCode}`;

const measureCheck = async (check: Check, outputs: RecipeOutputs) => {
  try {
    return await check.measure(outputs);
  } catch (cause) {
    return { measured: describeCause(cause), isPass: false };
  }
};

const measureCase = async (
  programs: MediaPrograms,
  sources: SuiteSources,
  { input, recipe }: SuiteCase,
  folder: string,
): Promise<readonly ConformanceRow[]> => {
  const row = (property: string, expected: string, measured: string, isPass: boolean): ConformanceRow => ({
    input: input.name,
    recipe: recipe.name,
    build: programs.build,
    property,
    expected,
    measured: measured.replaceAll(/\s+/g, " "),
    isPass,
  });
  const expectedStatus = buildStatusText(input);
  const checks = buildChecks(input, recipe);
  let files: readonly ProducedFile[];
  try {
    files = await publishFiles(await runRecipe(programs, sources, recipe, input, folder), folder);
  } catch (cause) {
    const status = describeCause(cause);
    return [
      row("status", expectedStatus, status, status.startsWith(`${expectedStatus}:`)),
      ...checks.map(({ property, expected }) => row(property, expected, "no output", false)),
    ];
  }
  const problems = files.flatMap((file) => file.problems);
  const status = problems.length === 0 ? "Complete" : problems.join("; ");
  const outputs: RecipeOutputs = { programs, files, media: createDecodedMedia(programs) };
  const rows = [row("status", expectedStatus, status, status === expectedStatus)];
  for (const check of checks) {
    const { measured, isPass } = await measureCheck(check, outputs);
    rows.push(row(check.property, check.expected, measured, isPass));
  }
  return rows;
};

/** Runs one recipe on one input and measures its outputs, which are removed afterwards. */
export const runCase = async (
  programs: MediaPrograms,
  sources: SuiteSources,
  suiteCase: SuiteCase,
): Promise<readonly ConformanceRow[]> => {
  const folder = await mkdtemp(join(sources.folder, "run-"));
  try {
    return await measureCase(programs, sources, suiteCase, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
