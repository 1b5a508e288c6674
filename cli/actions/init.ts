import { existsSync } from "node:fs";
import { basename } from "node:path";
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { readConfiguration } from "../../adapters/local/configuration-file.ts";
import { UsageError } from "../../pipeline/errors/errors.ts";
import { type PlannedFile, planFiles } from "../../project/plan-files.ts";
import { assertProjectFolder, readProjectFiles, writeProjectFiles } from "../../project/project-folder.ts";
import {
  defaultRegion,
  defaultStages,
  type ProjectSettings,
  parseProjectName,
  parseRegion,
  parseStages,
  toProjectName,
} from "../../project/settings.ts";
import { readTemplates } from "../../project/templates.ts";
import { type Ask, withQuestions } from "../ask.ts";

/** Options of `reelway init`. */
export interface InitOptions {
  readonly name?: string;
  readonly stage?: readonly string[];
  readonly region?: string;
  readonly yes?: true;
  readonly write?: true;
  readonly json?: true;
}

const readOptions = ({ name, stage, region }: InitOptions): Partial<ProjectSettings> => ({
  ...(name === undefined ? {} : { project: parseProjectName(name) }),
  ...(stage === undefined ? {} : { stages: parseStages(stage) }),
  ...(region === undefined ? {} : { region: parseRegion(region) }),
});

/** Reads the settings of an existing project. @throws UsageError if the options contradict them */
const readSettings = async (options: Partial<ProjectSettings>): Promise<ProjectSettings> => {
  const { project, stages } = await readConfiguration();
  const region = Object.values(stages)[0]?.region ?? defaultRegion;
  const settings = { project, stages: Object.keys(stages), region };
  if (JSON.stringify({ ...settings, ...options }) !== JSON.stringify(settings))
    throw new UsageError(
      "reelway.config.ts exists and differs from --name, --stage or --region. Change the settings there, and run init without these options.",
    );
  return settings;
};

const useDefaults = (options: Partial<ProjectSettings>, folder: string): ProjectSettings => {
  const project = options.project ?? toProjectName(folder);
  if (project === undefined)
    throw new UsageError(
      `No project name can be derived from the folder name "${folder}". Set it with --name.`,
    );
  return { stages: defaultStages, region: defaultRegion, ...options, project };
};

const askSettings = async (
  options: Partial<ProjectSettings>,
  folder: string,
  ask: Ask,
): Promise<ProjectSettings> => {
  const name = toProjectName(folder);
  return {
    project:
      options.project ??
      (await ask({
        label: "Project name",
        ...(name === undefined ? {} : { defaultAnswer: name }),
        parse: parseProjectName,
      })),
    stages:
      options.stages ??
      (await ask({
        label: "Stages, separated by commas",
        defaultAnswer: defaultStages.join(","),
        parse: (answer) => parseStages(answer.split(",").map((stage) => stage.trim())),
      })),
    region:
      options.region ??
      (await ask({ label: "AWS Region", defaultAnswer: defaultRegion, parse: parseRegion })),
  };
};

const chooseSettings = async (options: InitOptions, directory: string): Promise<ProjectSettings> => {
  const chosen = readOptions(options);
  const folder = basename(directory);
  if (existsSync("reelway.config.ts")) return readSettings(chosen);
  if (options.yes || Object.keys(chosen).length === 3) return useDefaults(chosen, folder);
  if (process.stdin.isTTY !== true)
    throw new UsageError(
      "Standard input is not a terminal, so the settings of the project cannot be asked for. Set --name, --stage and --region, or accept the defaults with --yes.",
    );
  return withQuestions({ input: process.stdin, output: process.stderr }, (ask) =>
    askSettings(chosen, folder, ask),
  );
};

const renderDiff = ({ path, previous = "", content }: PlannedFile): string =>
  createTwoFilesPatch(`a/${path}`, `b/${path}`, previous, content, undefined, undefined, {
    headerOptions: FILE_HEADERS_ONLY,
  });

const renderNextSteps = (files: readonly PlannedFile[]): string => {
  const isWritten = ({ status }: PlannedFile) => status === "created" || status === "updated";
  const written = new Set(files.filter(isWritten).map(({ path }) => path));
  const differing = files.filter(({ status }) => status === "differs").length;
  const steps = [
    ...(differing === 0
      ? []
      : [
          `npx reelway init --write   # update the ${differing === 1 ? "file" : `${differing} files`} as shown`,
        ]),
    ...(written.has("package.json")
      ? ["npm install                # install the packages of package.json"]
      : []),
    ...(written.size === 0
      ? []
      : [
          "npx reelway demo           # process sample clips on this machine",
          "npx reelway start          # run the pipeline on this machine",
          "npx reelway synth          # write the Terraform JSON; needs no AWS account",
        ]),
  ];
  const deployment =
    written.size === 0
      ? ""
      : "\nTo deploy a stage to AWS, with playback keys, users and tokens, see node_modules/reelway/docs/aws.md.\n";
  return steps.length === 0
    ? ""
    : `\nNext steps:\n${steps.map((step) => `  ${step}\n`).join("")}${deployment}`;
};

const renderResult = (files: readonly PlannedFile[]): string =>
  [
    ...files.map(({ path, status }) => {
      const note = status === "kept" ? " (yours, unchanged by init)" : "";
      return `${status.padEnd(9)}  ${path}${note}\n`;
    }),
    ...files.filter(({ status }) => status === "differs").map((file) => `\n${renderDiff(file)}`),
    renderNextSteps(files),
  ].join("");

/**
 * Writes the files of a project into the working directory. Existing files that differ are shown, and written only with
 * `--write`.
 */
export const initProject = async (options: InitOptions): Promise<void> => {
  const directory = process.cwd();
  assertProjectFolder(directory);
  const settings = await chooseSettings(options, directory);
  const files = planFiles(
    settings,
    await readTemplates(),
    await readProjectFiles(directory),
    options.write === true,
  );
  await writeProjectFiles(directory, files);
  if (options.json) {
    const statuses = files.map(({ path, status }) => ({ path, status }));
    process.stdout.write(`${JSON.stringify({ directory, files: statuses }, null, 2)}\n`);
  } else process.stdout.write(renderResult(files));
};
