import type * as z from "zod";
import { configurationSchema } from "../pipeline/configuration/schema.ts";
import { stageSchema } from "../pipeline/configuration/stage-schema.ts";
import { UsageError } from "../pipeline/errors/errors.ts";

/** What a team chooses when it creates a project. */
export interface ProjectSettings {
  /** Prefix of every resource name. */
  readonly project: string;
  readonly stages: readonly string[];
  /** AWS Region of all stages. */
  readonly region: string;
}

/** Stages of a new project. */
export const defaultStages: readonly string[] = ["dev", "prod"];
/** AWS Region of a new project. */
export const defaultRegion = "us-east-1";

const { project: projectSchema, stages: stagesSchema } = configurationSchema.shape;

const parseSetting = (label: string, schema: z.ZodType<string>, text: string): string => {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${label} "${text}" ${parsed.error.issues.map(({ message }) => message).join("; ")}.`);
};

/** Validates a project name. @throws UsageError */
export const parseProjectName = (text: string): string => parseSetting("Project name", projectSchema, text);

/** Validates the names of stages and removes duplicates. @throws UsageError */
export const parseStages = (names: readonly string[]): readonly string[] => [
  ...new Set(names.map((name) => parseSetting("Stage", stagesSchema.keyType, name))),
];

/** Validates an AWS Region. @throws UsageError */
export const parseRegion = (text: string): string => parseSetting("Region", stageSchema.shape.region, text);

const maxProjectNameLength = 16;

/** Turns the name of a folder into a project name; undefined if too little of it is left. */
export const toProjectName = (folder: string): string | undefined => {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .replace(/^(sg-)+/, "")
    .slice(0, maxProjectNameLength)
    .replace(/-$/, "");
  return projectSchema.safeParse(name).success ? name : undefined;
};
