import { parseJson } from "../../pipeline/text/parse-json.ts";

/** Returns the index after the closing brace of the expression that begins at `start`. */
const findExpressionEnd = (text: string, start: number): number => {
  let depth = 0;
  let isQuoted = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (isQuoted && character === "\\") index++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && character === "{") depth++;
    else if (!isQuoted && character === "}" && --depth === 0) return index + 1;
  }
  return text.length;
};

/**
 * Parses JSON in a string attribute of Terraform. Expressions (`${…}`) contain unescaped quotes, because Terraform
 * evaluates them before the JSON is parsed; here they become strings.
 *
 * @returns undefined if it cannot be parsed before the plan
 */
export const parseEmbeddedJson = (text: string): unknown => {
  let json = "";
  let position = 0;
  for (let index = text.indexOf("${"); index !== -1; index = text.indexOf("${", position)) {
    // `$${` is an escaped dollar sign, not an expression.
    const end = text[index - 1] === "$" ? index + 2 : findExpressionEnd(text, index + 1);
    json += text.slice(position, index) + JSON.stringify(text.slice(index, end)).slice(1, -1);
    position = end;
  }
  return parseJson(json + text.slice(position));
};
