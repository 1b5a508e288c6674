import type { Context } from "hono";
import { ApiError } from "../../pipeline/elastic-transcoder/api/api-error.ts";
import { ascending, id } from "../../pipeline/elastic-transcoder/api/requests/fields.ts";
import { parseRequest } from "../../pipeline/elastic-transcoder/api/requests/validation.ts";
import type {
  TranscoderPage,
  TranscoderPageRequest,
} from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import * as z from "../../pipeline/schema/z.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";

/** Entries per page of a list. */
const pageSize = 50;

/** Parses the request body as JSON. @throws ApiError ValidationException */
export const parseJsonBody = async (context: Context): Promise<unknown> => {
  const body = parseJson(await context.req.text());
  if (body === undefined) throw new ApiError("ValidationException", "The request body is not valid JSON.");
  return body;
};

const pathSchema = z.object({ Id: id });
const pipelinePathSchema = z.object({ PipelineId: id });

/** Parses the id in the path. @throws ApiError ValidationException */
export const parsePathId = (context: Context, field: "Id" | "PipelineId" = "Id"): string => {
  const pathParameter = context.req.param("id");
  return field === "Id"
    ? parseRequest(pathSchema, { Id: pathParameter }).Id
    : parseRequest(pipelinePathSchema, { PipelineId: pathParameter }).PipelineId;
};

const querySchema = z.object({ Ascending: z.optional(ascending), PageToken: z.optional(z.string()) });

/** Parses the page request in the query string. @throws ApiError ValidationException */
export const parsePageRequest = (context: Context, ascendingByDefault: boolean): TranscoderPageRequest => {
  const { Ascending, PageToken } = parseRequest(querySchema, context.req.query());
  return {
    ascending: Ascending === undefined ? ascendingByDefault : Ascending === "true",
    limit: pageSize,
    ...(PageToken === undefined ? {} : { cursor: Buffer.from(PageToken, "base64url").toString() }),
  };
};

/** Reads a page of a list. @throws ApiError ValidationException if the page token is not valid */
export const readPage = async <Entry>(
  list: Promise<TranscoderPage<Entry>>,
): Promise<{ readonly entries: readonly Entry[]; readonly token: { readonly NextPageToken?: string } }> => {
  try {
    const { entries, cursor } = await list;
    return {
      entries,
      token: cursor === undefined ? {} : { NextPageToken: Buffer.from(cursor).toString("base64url") },
    };
  } catch (cause) {
    if (cause instanceof StoreFailure && cause.kind === "invalid")
      throw new ApiError("ValidationException", "PageToken is not valid.");
    throw cause;
  }
};

/** Returns the entry. @throws ApiError ResourceNotFoundException if it is undefined */
export const requireFound = <Entry>(
  kind: "job" | "pipeline" | "preset",
  id: string,
  entry: Entry | undefined,
): Entry => {
  if (entry === undefined)
    throw new ApiError("ResourceNotFoundException", `The specified ${kind} was not found: id=${id}.`);
  return entry;
};
