import type { ProjectSettings } from "./settings.ts";

const projectLine = /^ {2}project: .*,\n/gm;
const stagesBlock = /^ {2}stages: \{\n(?: {4}.*\n)* {2}\},\n/gm;

/** Stages for trying things out, which need no private network and are mostly idle. */
const trialStages: ReadonlySet<string> = new Set(["dev", "test"]);

const chooseNetwork = (stage: string): "public" | "endpoints" =>
  trialStages.has(stage) ? "public" : "endpoints";

const replaceOnly = (text: string, pattern: RegExp, replacement: string): string => {
  const count = text.match(pattern)?.length ?? 0;
  if (count !== 1) throw new Error(`${pattern} matches the template reelway.config.ts ${count} times.`);
  return text.replace(pattern, () => replacement);
};

/**
 * Renders the `reelway.config.ts` of a project.
 *
 * @param template Reelway's own `reelway.config.ts`
 */
export const renderConfiguration = (
  template: string,
  { project, stages, region }: ProjectSettings,
): string => {
  const stageLines = stages.map((stage) => {
    const bucket = `${project}-${stage}`;
    return [
      `${stage}: {`,
      `  inputBucket: "${bucket}-input",`,
      `  outputBucket: "${bucket}-output",`,
      `  region: "${region}",`,
      `  network: "${chooseNetwork(stage)}",`,
      "},",
    ]
      .map((line) => `    ${line}\n`)
      .join("");
  });
  const named = replaceOnly(template, projectLine, `  project: "${project}",\n`);
  return replaceOnly(named, stagesBlock, `  stages: {\n${stageLines.join("")}  },\n`);
};
