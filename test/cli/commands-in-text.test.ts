import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packageDirectory } from "../../build/package-directory.ts";
import { findCommands, parseCommand } from "./commands-in-text.ts";

/** Folders with the messages of jobs, the API, the functions, the runtime and the commands. */
const folders = ["pipeline", "docker", "adapters", "lambdas", "runtime", "terraform", "cli"];

interface SourceLine {
  readonly place: string;
  readonly text: string;
}

/** Lines of the sources that are no comments, with the expressions in templates replaced by `dev`, alternatives by nothing. */
const readLines = (names: readonly string[]): readonly SourceLine[] =>
  names.flatMap((folder) =>
    readdirSync(join(packageDirectory, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .flatMap((path) =>
        readFileSync(join(packageDirectory, folder, path), "utf8")
          .split("\n")
          .flatMap((line, index) => {
            if (/^\s*(\*|\/\/|\/\*)/.test(line)) return [];
            let text = line;
            for (let before = ""; before !== text; ) {
              before = text;
              text = text.replaceAll(/\$\{[^{}]*\}/g, (expression) =>
                expression.includes("?") ? "" : "dev",
              );
            }
            return [{ place: `${folder}/${path}:${index + 1}`, text }];
          }),
      ),
  );

describe("commands in messages", () => {
  it("exist, with their options", () => {
    const commands = readLines(folders).flatMap(({ place, text }) =>
      findCommands(
        text
          .replaceAll(/["'`\\]/g, "\n")
          .replaceAll("STAGE", "dev")
          .replaceAll(/\bN\b/g, "5"),
      ).map((command) => ({
        place,
        command,
      })),
    );
    expect(commands.length).to.be.above(50);
    for (const { place, command } of commands)
      expect(() => parseCommand(command), `${place}: npx reelway ${command}`).to.not.throw();
  });

  it("are found to be wrong without their command, option, subcommand or value", () => {
    for (const command of [
      "lost",
      "jobs --state Error",
      "users purge",
      "jobs --status Lost",
      "jobs --stage 1",
    ])
      expect(() => parseCommand(command), command).to.throw();
    expect(
      findCommands("Run: npx reelway jobs --stage dev. Then (npx reelway retry ID), or not."),
    ).to.deep.equal(["jobs --stage dev", "retry ID"]);
  });
});

describe("messages about the limits of a job", () => {
  it("name fields of the configuration, not the worker's variables for them", () => {
    const isSentence = (text: string): boolean => /["'`][^"'`]* [^"'`]* /.test(text);
    const found = readLines(["pipeline", "docker"]).flatMap(({ place, text }) =>
      isSentence(text)
        ? [...text.matchAll(/\b[A-Z_]+_(?:SECONDS|BYTES)\b/g)].map(([name]) => `${place} ${name}`)
        : [],
    );
    expect(found).to.deep.equal([]);
  });
});
