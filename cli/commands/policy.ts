import { Command, Option } from "commander";
import type { PolicyOptions } from "../actions/policy.ts";
import { parseFolder } from "../arguments.ts";

/** `reelway policy` */
export const policyCommand = (): Command =>
  new Command("policy")
    .description("check the synthesized stacks against the rules of terraform/policy; needs no AWS account")
    .option("--stage <name>", "check the stacks of this stage only")
    .addOption(
      new Option("--outdir <folder>", "folder of the synthesized stacks")
        .env("CDKTF_OUTDIR")
        .argParser(parseFolder)
        .default("cdktf.out"),
    )
    .option("--json", "print one JSON document")
    .action(async (options: PolicyOptions) => (await import("../actions/policy.ts")).checkPolicy(options));
