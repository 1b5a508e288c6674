import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { unzip } from "./archive.ts";

/** A line of `plan -json` that tells of a change (Terraform, "Machine-Readable UI"). */
const planned = z.looseObject({
  type: z.literal("planned_change"),
  change: z.looseObject({ action: z.string(), resource: z.looseObject({ addr: z.string() }) }),
});

/** How a command of Terraform ended. */
interface Ended {
  readonly code: number;
  readonly output: string;
}

/** A configuration in a folder of its own, worked with the real Terraform and the real provider. */
export const openTerraform = async (directory: string, configuration: string) => {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "main.tf"), configuration);
  const run = (words: readonly string[]): Promise<Ended> =>
    new Promise((resolve) => {
      const env = {
        ...process.env,
        CHECKPOINT_DISABLE: "1",
        TF_IN_AUTOMATION: "1",
        AWS_EC2_METADATA_DISABLED: "true",
      };
      execFile("terraform", words, { cwd: directory, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` }),
      );
    });
  const succeed = async (...words: string[]): Promise<string> => {
    const { code, output } = await run(words);
    if (code !== 0) throw new Error(`terraform ${words.join(" ")} ended with ${code}:\n${output}`);
    return output;
  };
  const variables = (given: Readonly<Record<string, string>>) =>
    Object.entries(given).flatMap(([name, value]) => ["-var", `${name}=${value}`]);
  await succeed("init", "-input=false", "-no-color");
  return {
    /** Plans and applies; what was done to which address, where anything was. */
    async apply(given: Readonly<Record<string, string>> = {}): Promise<Readonly<Record<string, string>>> {
      const told = await succeed("plan", "-input=false", "-json", "-out=saved.plan", ...variables(given));
      await succeed("apply", "-input=false", "-no-color", "saved.plan");
      return Object.fromEntries(
        told
          .trim()
          .split("\n")
          .flatMap((line) => {
            const found = planned.safeParse(JSON.parse(line));
            return found.success ? [[found.data.change.resource.addr, found.data.change.action]] : [];
          }),
      );
    },
    /** What a plan would change; empty where nothing. */
    async difference(given: Readonly<Record<string, string>> = {}): Promise<string> {
      const { code, output } = await run([
        "plan",
        "-input=false",
        "-no-color",
        "-detailed-exitcode",
        ...variables(given),
      ]);
      return code === 0 ? "" : output;
    },
    import: (address: string, id: string) => succeed("import", "-input=false", "-no-color", address, id),
    destroy: () => succeed("destroy", "-input=false", "-no-color", "-auto-approve"),
    /** Everything that the last saved plan and the state hold. */
    async kept(): Promise<string> {
      const state = await readFile(join(directory, "terraform.tfstate"), "latin1");
      const plan = unzip(await readFile(join(directory, "saved.plan")));
      return [state, ...[...plan.values()].map((file) => file.toString("latin1"))].join("\n");
    },
  };
};
export type Terraform = Awaited<ReturnType<typeof openTerraform>>;
