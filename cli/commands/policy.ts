import { resolve } from "node:path";
import { Command, Option } from "commander";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { checkPolicies } from "../../terraform/policy/check-policies.ts";
import { renderPolicyReport } from "../../terraform/policy/render-report.ts";
import { readSynthesisedJson } from "../../terraform/policy/synthesised-json.ts";
import { parseFolder } from "../arguments.ts";

interface PolicyOptions {
  readonly outdir: string;
  readonly stage?: string;
  readonly json?: true;
}

const checkPolicy = async ({ outdir, stage, json }: PolicyOptions): Promise<void> => {
  const stacks = await readSynthesisedJson(resolve(outdir), stage);
  if (stacks.size === 0)
    throw new CommandError(
      stage === undefined
        ? `${outdir} contains no stacks. Add a stage to reelway.config.ts, then run: npm run synth`
        : `${outdir} contains no stack of stage ${stage}. Use a stage of reelway.config.ts, then run: npm run synth`,
    );
  const report = checkPolicies(stacks);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : renderPolicyReport(report));
  if (report.violations.length + report.unusedWaivers.length > 0) process.exitCode = 1;
};

/** `reelway policy` */
export const policyCommand = (): Command =>
  new Command("policy")
    .description("check the synthesised stacks against the rules of terraform/policy; needs no AWS account")
    .option("--stage <name>", "check the stacks of this stage only")
    .addOption(
      new Option("--outdir <folder>", "folder of the synthesised stacks")
        .env("CDKTF_OUTDIR")
        .argParser(parseFolder)
        .default("cdktf.out"),
    )
    .option("--json", "print one JSON document")
    .action(checkPolicy);
