import { Command } from "commander";

/** `reelway synth` */
export const synthCommand = (): Command =>
  new Command("synth")
    .description("synthesize the stacks: run main.ts, which writes Terraform JSON; needs no AWS account")
    .action(async () => (await import("../actions/synth.ts")).synth());
