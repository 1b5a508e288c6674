import type { Command, Option } from "commander";
import { createProgram } from "../../cli/program.ts";

/**
 * Finds the `npx reelway` commands in a text, without `npx reelway`. A command ends at a comma, a period before a space or
 * the end, a parenthesis, or the end of the line.
 */
export const findCommands = (text: string): readonly string[] =>
  [...text.matchAll(/npx reelway ((?:[^,.()\n;]|\.(?=\S))+)/g)].map(([, command = ""]) => command.trim());

const findSubcommand = (command: Command, name: string | undefined): Command | undefined =>
  command.commands.find((one) => one.name() === name);

/**
 * Parses a command as the program does, up to the first word that is neither an option nor an argument of it, e.g. "or"
 * in a sentence.
 *
 * @throws Error if the command or an option does not exist; CommanderError if a value is not valid
 */
export const parseCommand = (text: string): void => {
  const words = text.split(/\s+/);
  const program = createProgram();
  let command: Command = program;
  for (;;) {
    const subcommand = findSubcommand(command, words[0]);
    if (subcommand === undefined) break;
    command = subcommand;
    words.shift();
  }
  if (command.parent === null) throw new Error(`The program has no command ${words[0]}.`);
  if (command.commands.length > 0) throw new Error(`${command.name()} has no command ${words[0]}.`);
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  const used: string[] = [];
  let operandCount = 0;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word.startsWith("-")) {
      const isOption = ({ long, short }: Option): boolean => word === long || word === short;
      if (program.options.some(isOption) || word === "--help") continue;
      const option = command.options.find(isOption);
      if (option === undefined) throw new Error(`${command.name()} has no option ${word}.`);
      used.push(word);
      if (option.required || option.optional) {
        index += 1;
        used.push(words[index] ?? "");
      }
    } else if (operandCount < command.registeredArguments.length) {
      operandCount += 1;
    } else break;
  }
  command.parseOptions(used);
};
