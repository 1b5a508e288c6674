import { join } from "node:path";
import ts from "typescript";
import { packageDirectory } from "../../build/package-directory.ts";
import { stackOrder } from "../../modules/stack-order.ts";
import { renderTable } from "./markdown.ts";

interface Documentation {
  readonly text: string;
  readonly defaultValue: string;
}

const entryPath = join(packageDirectory, "exports/constructs.ts");

const joinLines = (text: string): string => text.replaceAll(/\s*\n\s*/g, " ").trim();

const readDocumentation = (symbol: ts.Symbol, checker: ts.TypeChecker, owner: string): Documentation => {
  const text = joinLines(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
  if (text === "") throw new Error(`${owner}.${symbol.name} has no documentation comment.`);
  const tags = symbol.getJsDocTags(checker);
  const parameters = tags
    .filter(({ name }) => name === "param")
    .map(({ text: parts }) => joinLines(ts.displayPartsToString(parts).replace(/^(\w+)\s*/, "`$1`: ")));
  const defaultTag = tags.find(({ name }) => name === "default");
  return {
    text: [text, ...parameters.map((one) => `${one}.`)].join(" ").replaceAll("..", "."),
    defaultValue: defaultTag === undefined ? "–" : joinLines(ts.displayPartsToString(defaultTag.text)),
  };
};

const isPublic = (symbol: ts.Symbol): boolean => {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined) return false;
  const flags = ts.getCombinedModifierFlags(declaration);
  return (
    (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static)) === 0 &&
    !ts.isPrivateIdentifier(ts.getNameOfDeclaration(declaration) ?? ts.factory.createIdentifier(""))
  );
};

const isOurs = (symbol: ts.Symbol): boolean => {
  const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? "";
  return file.startsWith(packageDirectory) && !file.includes("/node_modules/");
};

const formatType = (symbol: ts.Symbol, checker: ts.TypeChecker): string => {
  const declaration = symbol.valueDeclaration;
  const source =
    declaration !== undefined && ts.isPropertySignature(declaration)
      ? declaration.type?.getText()
      : undefined;
  return source ?? checker.typeToString(checker.getTypeOfSymbol(symbol));
};

const code = (text: string): string => `\`${joinLines(text)}\``;

const renderProperties = (type: ts.Type, checker: ts.TypeChecker): string =>
  renderTable(
    ["Property", "Type", "Default", "Meaning"],
    type.getProperties().map((property) => {
      const { text, defaultValue } = readDocumentation(property, checker, type.symbol.name);
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      return [
        code(property.name),
        code(formatType(property, checker)),
        isOptional ? defaultValue : "required",
        text,
      ];
    }),
  );

const renderMembers = (type: ts.Type, checker: ts.TypeChecker): string => {
  const members = type.getProperties().filter((member) => isOurs(member) && isPublic(member));
  if (members.length === 0) return "";
  return renderTable(
    ["Member", "Meaning"],
    members.map((member) => {
      const signature = checker.getTypeOfSymbol(member).getCallSignatures()[0];
      const parameters = signature?.getParameters().map(({ name }) => name.replace(/^__\d+$/, "options"));
      const name = parameters === undefined ? member.name : `${member.name}(${parameters.join(", ")})`;
      return [code(name), readDocumentation(member, checker, type.symbol.name).text];
    }),
  );
};

const renderClass = (symbol: ts.Symbol, checker: ts.TypeChecker): string => {
  const [signature] = checker.getTypeOfSymbol(symbol).getConstructSignatures();
  if (signature === undefined) throw new Error(`${symbol.name} has no constructor.`);
  const parameters = signature.getParameters();
  const properties = parameters.at(-1);
  if (properties === undefined) throw new Error(`The constructor of ${symbol.name} has no parameter.`);
  const names = [...parameters.slice(0, -1).map(({ name }) => name), "props"];
  const isStack = symbol.name.endsWith("Stack") && symbol.name !== "StageStack";
  return [
    `### \`${symbol.name}\``,
    readDocumentation(symbol, checker, "reelway/constructs").text,
    code(`new ${symbol.name}(${names.join(", ")})`),
    renderProperties(checker.getTypeOfSymbol(properties), checker),
    // A stack of Reelway has the members of every StageStack.
    ...(isStack ? [] : [renderMembers(checker.getDeclaredTypeOfSymbol(symbol), checker)]),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
};

const renderFunctions = (symbols: readonly ts.Symbol[], checker: ts.TypeChecker): string =>
  renderTable(
    ["Function", "Meaning"],
    symbols.map((symbol) => {
      const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
      const names = signature?.getParameters().map(({ name }) => name.replace(/^__\d+$/, "props")) ?? [];
      return [
        code(`${symbol.name}(${names.join(", ")})`),
        readDocumentation(symbol, checker, "reelway/constructs").text,
      ];
    }),
  );

const renderTypes = (symbols: readonly ts.Symbol[], checker: ts.TypeChecker): string =>
  renderTable(
    ["Type", "Meaning"],
    symbols.map((symbol) => {
      const { text } = readDocumentation(symbol, checker, "reelway/constructs");
      const fields =
        symbol.flags & ts.SymbolFlags.Interface
          ? checker.getDeclaredTypeOfSymbol(symbol).getProperties()
          : [];
      const names = fields.filter(isOurs).map(({ name }) => code(name));
      return [code(symbol.name), names.length === 0 ? text : `${text} Fields: ${names.join(", ")}.`];
    }),
  );

/** The content of docs/constructs.md, from the documentation comments of what `reelway/constructs` exports. */
export const renderConstructsPage = (): string => {
  const { config } = ts.readConfigFile(join(packageDirectory, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    config,
    ts.sys,
    packageDirectory,
    undefined,
    undefined,
    [],
  );
  const program = ts.createProgram([entryPath], options);
  const checker = program.getTypeChecker();
  const entry = program.getSourceFile(entryPath);
  const entrySymbol = entry && checker.getSymbolAtLocation(entry);
  if (entrySymbol === undefined) throw new Error(`${entryPath} is not a module.`);
  const symbols = checker
    .getExportsOfModule(entrySymbol)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .sort((a, b) => a.name.localeCompare(b.name));
  const classes = symbols.filter(({ flags }) => flags & ts.SymbolFlags.Class);
  const positions = stackOrder.map((name) => `${name}stack`);
  const stacks = classes
    .filter(({ name }) => positions.includes(name.toLowerCase()))
    .sort((a, b) => positions.indexOf(a.name.toLowerCase()) - positions.indexOf(b.name.toLowerCase()));
  const constructs = classes.filter((symbol) => !stacks.includes(symbol));
  const functions = symbols.filter(({ flags }) => flags & ts.SymbolFlags.Variable);
  // Properties are listed with their class.
  const types = symbols.filter(
    ({ name, flags }) =>
      flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias) && !name.endsWith("Props"),
  );
  return `# Constructs

After reading this page, you can add resources of your own to the stages of Reelway, or compose its stacks in a CDKTF app of your own.

This page is generated from the documentation comments of \`reelway/constructs\` (\`npm run docs\`). Do not edit it by hand.

\`reelway synth\` runs \`main.ts\`. The one that \`reelway init\` writes creates the stacks of every stage. To add a stack, pass a function that creates it, as in [examples/own-stack](../examples/own-stack/README.md):

\`\`\`ts
import { PrivateBucket, StageStack, synthesize } from "reelway/constructs";

await synthesize((app, stages) => {
  for (const { storage } of Object.values(stages)) {
    const { deployment } = storage;
    const stack = new StageStack(app, "archive", { deployment });
    stack.addDependency(storage);
    new PrivateBucket(stack, "archive", {
      name: \`\${deployment.project}-\${deployment.stage}-archive\`,
      keyArn: stack.keyArn,
      noncurrentVersionExpirationDays: 30,
    });
  }
});
\`\`\`

Use the constructs of \`@cdktf/provider-aws\` for everything else. All constructs must be created in a \`StageStack\`. A change of an \`id\` changes logical addresses, so Terraform replaces the resources: see [State](state.md).

## Stacks

A stage has these stacks, in this order. \`createStages\` creates all of them. In an app that creates them one by one, each needs those before it: set the order with \`addDependency\`. They have the members of [\`StageStack\`](#stagestack).

${stacks.map((symbol) => renderClass(symbol, checker)).join("\n\n")}

## Building blocks

${constructs.map((symbol) => renderClass(symbol, checker)).join("\n\n")}

## Functions

${renderFunctions(functions, checker)}

## Types

${renderTypes(types, checker)}
`;
};
