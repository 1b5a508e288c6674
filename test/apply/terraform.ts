import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import * as z from "zod";

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

/** Texts of the files in a zip archive (PKWARE APPNOTE, 4.3.12), as Terraform writes its saved plans. */
const unzip = (archive: Buffer): readonly string[] => {
  const end = archive.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const texts: string[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)];
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = archive.subarray(start, start + size);
    texts.push((method === 0 ? content : inflateRawSync(content)).toString("latin1"));
    at += 46 + archive.readUInt16LE(at + 28) + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return texts;
};

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
      return [state, ...unzip(await readFile(join(directory, "saved.plan")))].join("\n");
    },
  };
};
export type Terraform = Awaited<ReturnType<typeof openTerraform>>;
