import type { Argument, Command, Option } from "commander";
import { createProgram, hasEmptyDefault } from "../../cli/program.ts";
import { renderTable } from "./markdown.ts";

const capitalize = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const formatDefault = (option: Option): string => {
  if (option.mandatory) return "required";
  if (option.negate || option.variadic || hasEmptyDefault(option)) return "–";
  return `\`${option.defaultValue}\``;
};

const describeOption = (option: Option): string =>
  [
    `${capitalize(option.description)}.`,
    ...(option.argChoices === undefined
      ? []
      : [`One of ${option.argChoices.map((one) => `\`${one}\``).join(", ")}.`]),
    ...(option.envVar === undefined ? [] : [`Environment variable: \`${option.envVar}\`.`]),
  ].join(" ");

const describeArgument = ({ description, required }: Argument): string =>
  `${capitalize(description)}.${required ? "" : " Optional."}`;

const formatArgument = (argument: Argument): string => {
  const text = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${text}>` : `[${text}]`;
};

const renderCommand = (command: Command, path: string): readonly string[] => {
  const title = `${path} ${command.name()}`;
  if (command.commands.length > 0)
    return [
      `## \`${title}\``,
      `${capitalize(command.description())}.`,
      ...command.commands.flatMap((one) => renderCommand(one, title)),
    ];
  const { registeredArguments, options } = command;
  const optionRows = options.map((option) => [
    `\`${option.flags}\``,
    formatDefault(option),
    describeOption(option),
  ]);
  return [
    `${path === "reelway" ? "##" : "###"} \`${title}\``,
    `${capitalize(command.description())}.`,
    `\`\`\`sh\nnpx ${[title, ...(options.length > 0 ? ["[options]"] : []), ...registeredArguments.map(formatArgument)].join(" ")}\n\`\`\``,
    ...(registeredArguments.length === 0
      ? []
      : [
          renderTable(
            ["Argument", "Meaning"],
            registeredArguments.map((one) => [`\`${formatArgument(one)}\``, describeArgument(one)]),
          ),
        ]),
    ...(optionRows.length === 0 ? [] : [renderTable(["Option", "Default", "Meaning"], optionRows)]),
  ];
};

/** The content of docs/cli.md. */
export const renderCliPage = (): string => {
  const { commands, options } = createProgram();
  const anchor = (title: string): string => title.replaceAll(" ", "-");
  return `${[
    "# Command line",
    "After reading this page, you can run every `reelway` command with its arguments and options.",
    "This page is generated from the commands (`npm run docs`). Do not edit it by hand.",
    "Run a command with `npx reelway COMMAND` in the folder of the project: elsewhere, npx looks for a package named `reelway` in the public registry, which is not this one. Every command has `--help`. Results go to standard output, progress and messages to standard error.",
    "`npm start` is `reelway start`, `npm run demo` is `reelway demo`; pass options behind `--`. With `npm run -s demo -- --json FILE > jobs.json`, the `-s` keeps npm's own lines out of the document.",
    renderTable(
      ["Exit status", "Meaning"],
      [
        ["0", "Success."],
        [
          "1",
          "The command failed, or found what it checks for: a job that is not Complete (`demo`, `smoke`), a failed check (`doctor`), a violation (`policy`), a resource that would be lost (`review`).",
        ],
        ["2", "Wrong usage: an unknown option, a missing argument, a file or stage that does not exist."],
        ["3", "`drift`: something has drifted."],
        ["70", "Unexpected error: a fault of Reelway. Please report it."],
      ],
    ),
    "A message on standard error says what failed and what to do. After an unexpected error, report the command, the version and the output of the same command with `--verbose`. Every command has these options:",
    renderTable(
      ["Option", "Meaning"],
      options.map((option) => [`\`${option.flags}\``, describeOption(option)]),
    ),
    renderTable(
      ["Command", "Purpose"],
      commands.map((one) => [
        `[\`${one.name()}\`](#reelway-${anchor(one.name())})`,
        `${capitalize(one.description())}.`,
      ]),
    ),
    ...commands.flatMap((command) => renderCommand(command, "reelway")),
  ].join("\n\n")}\n`;
};
