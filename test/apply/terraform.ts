import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { unzip } from "./archive.ts";

/** A planned change in the output of `plan -json` (Terraform, "Machine-Readable UI"). */
const planned = z.looseObject({
  type: z.literal("planned_change"),
  change: z.looseObject({ action: z.string(), resource: z.looseObject({ addr: z.string() }) }),
});

/** The result of a Terraform command. */
interface TerraformResult {
  readonly code: number;
  readonly output: string;
}

/** A configuration in its own folder, applied with the real Terraform and the real provider. */
export const openTerraform = async (
  directory: string,
  configuration: string,
  environment: Readonly<Record<string, string>>,
) => {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "main.tf"), configuration);
  const run = (args: readonly string[]): Promise<TerraformResult> =>
    new Promise((resolve) => {
      const env = {
        ...process.env,
        CHECKPOINT_DISABLE: "1",
        TF_IN_AUTOMATION: "1",
        AWS_EC2_METADATA_DISABLED: "true",
        ...environment,
      };
      execFile("terraform", args, { cwd: directory, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` }),
      );
    });
  const succeed = async (...args: string[]): Promise<string> => {
    const { code, output } = await run(args);
    if (code !== 0) throw new Error(`terraform ${args.join(" ")} ended with ${code}:\n${output}`);
    return output;
  };
  const variables = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).flatMap(([name, value]) => ["-var", `${name}=${value}`]);
  await succeed("init", "-input=false", "-no-color");
  return {
    /** Plans and applies; returns the action by address. */
    async apply(values: Readonly<Record<string, string>> = {}): Promise<Readonly<Record<string, string>>> {
      const planOutput = await succeed(
        "plan",
        "-input=false",
        "-json",
        "-out=saved.plan",
        ...variables(values),
      );
      await succeed("apply", "-input=false", "-no-color", "saved.plan");
      return Object.fromEntries(
        planOutput
          .trim()
          .split("\n")
          .flatMap((line) => {
            const plannedChange = planned.safeParse(JSON.parse(line));
            return plannedChange.success
              ? [[plannedChange.data.change.resource.addr, plannedChange.data.change.action]]
              : [];
          }),
      );
    },
    /** What a plan would change; empty if nothing. */
    async difference(values: Readonly<Record<string, string>> = {}): Promise<string> {
      const { code, output } = await run([
        "plan",
        "-input=false",
        "-no-color",
        "-detailed-exitcode",
        ...variables(values),
      ]);
      return code === 0 ? "" : output;
    },
    import: (address: string, id: string) => succeed("import", "-input=false", "-no-color", address, id),
    destroy: () => succeed("destroy", "-input=false", "-no-color", "-auto-approve"),
    /** The content of the last saved plan and the state. */
    async readPlanAndState(): Promise<string> {
      const state = await readFile(join(directory, "terraform.tfstate"), "latin1");
      const plan = unzip(await readFile(join(directory, "saved.plan")));
      return [state, ...[...plan.values()].map((file) => file.toString("latin1"))].join("\n");
    },
  };
};
export type Terraform = Awaited<ReturnType<typeof openTerraform>>;
