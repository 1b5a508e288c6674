import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import ts from "typescript";
import { retiredIdentifiers, retiredPhrases } from "./retired-terms.ts";

/** The words of an identifier or a file name, in lower case: `maxURLLength` has `max`, `url` and `length`. */
const splitWords = (name: string): readonly string[] =>
  name
    .replace(/^#/, "")
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[\s_$.-]+/);

const contains = (words: readonly string[], retiredWords: readonly string[]): boolean =>
  words.some((_, index) => retiredWords.every((word, offset) => words[index + offset] === word));

/** Calls whose first argument is the title of a test or of a group of tests. */
const isTitle = (node: ts.Node): boolean =>
  ts.isCallExpression(node.parent) &&
  node.parent.arguments[0] === node &&
  /^(?:it|describe)\b/.test(node.parent.expression.getText());

/**
 * Lists where a source file uses retired terms, one line each: `path:line: term`. Strings of tests are skipped, except
 * titles: they repeat the product's texts.
 */
export const findRetiredTerms = (path: string, text: string): readonly string[] => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const isTest = path.startsWith("test/");
  const problems: string[] = [];
  const report = (line: number, match: string, use: string): void => {
    problems.push(`${path}:${line}: "${match}" is retired. Use: ${use}`);
  };
  const checkWords = (line: number, name: string): void => {
    const words = splitWords(name);
    for (const { words: retiredWords, use } of retiredIdentifiers)
      if (contains(words, retiredWords)) report(line, name, use);
  };
  const lineOf = (node: ts.Node): number =>
    source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) checkWords(lineOf(node), node.text);
    else if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node)
    ) {
      const literal = ts.isTemplateMiddleOrTemplateTail(node)
        ? node.parent.parent
        : ts.isTemplateHead(node)
          ? node.parent
          : node;
      if (!isTest || isTitle(literal))
        for (const [pattern, use] of retiredPhrases) {
          const match = pattern.exec(node.text)?.[0];
          if (match !== undefined) report(lineOf(node), match, use);
        }
    }
    ts.forEachChild(node, visit);
  };
  checkWords(1, basename(path, ".ts"));
  visit(source);
  return problems;
};

if (process.argv[1] === import.meta.filename) {
  const paths = execFileSync("git", ["ls-files", "*.ts"], { encoding: "utf8" })
    .split("\n")
    .filter((path) => path !== "" && !path.startsWith("examples/"));
  const problems = paths.flatMap((path) => findRetiredTerms(path, readFileSync(path, "utf8")));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
