import { expect } from "chai";
import type { Command } from "commander";
import { createProgram } from "../../cli/program.ts";

/** Lists a command and all commands below it. */
const listCommands = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap((one) => listCommands(one)),
];

describe("the help of every command", () => {
  const helps = listCommands(createProgram()).map((command) => command.helpInformation());

  it("names defaults, but none that is empty", () => {
    const text = helps.join("\n");
    expect(text)
      .to.include('(default: ".reelway")')
      .and.to.match(/\(default:\s+4600\)/);
    expect(text).to.not.match(/\(default:\s+(""|\[\]|\{\})\)/);
  });
});
