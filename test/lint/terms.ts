import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import ts from "typescript";
import { retiredIdentifiers, retiredPhrases } from "./retired-terms.ts";

/** The words of an identifier, in lower case: `maxURLLength` has `max`, `url` and `length`. */
const splitWords = (identifier: string): readonly string[] =>
  identifier
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[\s_$-]+/);

const contains = (words: readonly string[], retiredWords: readonly string[]): boolean =>
  words.some((_, index) => retiredWords.every((word, offset) => words[index + offset] === word));

/** What of a source file uses retired terms, a line each: `path:line: term`. */
export const findRetiredTerms = (path: string, text: string): readonly string[] => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const problems: string[] = [];
  const report = (node: ts.Node, match: string, use: string): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    problems.push(`${path}:${line + 1}: "${match}" is retired. Use: ${use}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      const words = splitWords(node.text.replace(/^#/, ""));
      for (const { words: retiredWords, use } of retiredIdentifiers)
        if (contains(words, retiredWords)) report(node, node.text, use);
    } else if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node)
    )
      for (const [pattern, use] of retiredPhrases) {
        const match = pattern.exec(node.text)?.[0];
        if (match !== undefined) report(node, match, use);
      }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return problems;
};

if (process.argv[1] === import.meta.filename) {
  const paths = execFileSync("git", ["ls-files", "*.ts"], { encoding: "utf8" })
    .split("\n")
    .filter((path) => path !== "" && !path.startsWith("test/") && !path.startsWith("examples/"));
  const problems = paths.flatMap((path) => findRetiredTerms(path, readFileSync(path, "utf8")));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
