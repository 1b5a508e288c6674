import { readdir, readFile } from "node:fs/promises";
import { parse } from "yaml";
import * as z from "zod";

const permissions = z.union([z.string(), z.record(z.string(), z.string())]);
const step = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
  env: z.record(z.string(), z.unknown()).default({}),
});
const job = z.looseObject({
  permissions: permissions.optional(),
  "timeout-minutes": z.number().optional(),
  uses: z.string().optional(),
  if: z.string().optional(),
  environment: z.string().optional(),
  concurrency: z.unknown().optional(),
  steps: z.array(step).default([]),
});
const workflow = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: permissions.optional(),
  concurrency: z.unknown().optional(),
  jobs: z.record(z.string(), job),
});

/** A job of a workflow file. */
export type Job = z.output<typeof job>;

/** A file of `.github/workflows`. */
export interface WorkflowFile {
  readonly name: string;
  readonly text: string;
  readonly workflow: z.output<typeof workflow>;
}

const folder = new URL("../../.github/workflows/", import.meta.url);

/** Every workflow of the repository. */
export const readWorkflows = async (): Promise<readonly WorkflowFile[]> =>
  Promise.all(
    (await readdir(folder)).sort().map(async (name) => {
      const text = await readFile(new URL(name, folder), "utf8");
      return { name, text, workflow: workflow.parse(parse(text)) };
    }),
  );
