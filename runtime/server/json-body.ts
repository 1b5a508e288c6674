import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { serverLimits } from "./limits.ts";

/** Rejects bodies over the size limit of control requests with status 413. */
export const limitControlBody = (): MiddlewareHandler =>
  bodyLimit({
    maxSize: serverLimits.maxControlBodyBytes,
    onError: (context) =>
      context.json(
        {
          message: `The request body exceeds ${serverLimits.maxControlBodyBytes} bytes, the limit of a control request.`,
        },
        413,
      ),
  });

/**
 * Parses the request body as JSON.
 *
 * @returns undefined without a body
 * @throws HTTPException 400 for a body that is not valid JSON
 */
export const readJson = async (context: Context): Promise<unknown> => {
  const text = await context.req.text();
  if (text === "") return undefined;
  const body = parseJson(text);
  if (body === undefined)
    throw new HTTPException(400, {
      res: context.json({ message: "The request body is not valid JSON. Send a JSON object." }, 400),
    });
  return body;
};
