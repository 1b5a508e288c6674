import type { Context } from "hono";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";

/**
 * Parses the request body as JSON.
 *
 * @returns undefined without a body
 * @throws ProblemError `invalid-request` for a body that is not valid JSON
 */
export const readJson = async (context: Context): Promise<unknown> => {
  const text = await context.req.text();
  if (text === "") return undefined;
  const body = parseJson(text);
  if (body === undefined)
    throw new ProblemError("invalid-request", "The request body is not valid JSON. Send a JSON object.");
  return body;
};
