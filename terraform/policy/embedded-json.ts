/** The end of the expression that begins at `start`, behind its closing brace. */
const expressionEnd = (text: string, start: number): number => {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (quoted && character === "\\") at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === "{") depth++;
    else if (!quoted && character === "}" && --depth === 0) return at + 1;
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
  let done = 0;
  for (let at = text.indexOf("${"); at !== -1; at = text.indexOf("${", done)) {
    // A doubled dollar is a dollar, and no expression.
    const end = text[at - 1] === "$" ? at + 2 : expressionEnd(text, at + 1);
    json += text.slice(done, at) + JSON.stringify(text.slice(at, end)).slice(1, -1);
    done = end;
  }
  json += text.slice(done);
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};
