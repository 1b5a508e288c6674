import { parseJson } from "../../pipeline/text/parse-json.ts";

/** The end of the expression that begins at `start`, behind its closing brace. */
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
 * Reads JSON that stands as text in a Terraform attribute. Expressions in it (`${…}`) hold quotes as they are, since
 * Terraform sees them before anybody reads the JSON; here they stay as texts.
 *
 * @returns undefined where it cannot be read before the plan
 */
export const parseEmbeddedJson = (text: string): unknown => {
  let json = "";
  let position = 0;
  for (let index = text.indexOf("${"); index !== -1; index = text.indexOf("${", position)) {
    // A doubled dollar is a dollar, and no expression.
    const end = text[index - 1] === "$" ? index + 2 : findExpressionEnd(text, index + 1);
    json += text.slice(position, index) + JSON.stringify(text.slice(index, end)).slice(1, -1);
    position = end;
  }
  return parseJson(json + text.slice(position));
};
