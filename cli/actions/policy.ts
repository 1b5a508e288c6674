import { resolve } from "node:path";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { checkPolicies } from "../../terraform/policy/check-policies.ts";
import { renderPolicyReport } from "../../terraform/policy/render-report.ts";
import { readSynthesizedJson } from "../../terraform/policy/synthesized-json.ts";

/** Options of `reelway policy`. */
export interface PolicyOptions {
  readonly outdir: string;
  readonly stage?: string;
  readonly json?: true;
}

/** Checks the synthesized stacks and prints the violations. */
export const checkPolicy = async ({ outdir, stage, json }: PolicyOptions): Promise<void> => {
  const stacks = await readSynthesizedJson(resolve(outdir), stage);
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
