import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { describeDocument, describePage, documentHeadersSchema } from "../document-operation.ts";
import { encodeDocument, respondWithDocument, serializeDocument } from "../etag.ts";
import { describeProblems } from "../problems.ts";
import { buildReference } from "./reference.ts";
import { referencePageHeaders, renderReferencePage } from "./reference-page.ts";

type OpenApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

const tags = ["Reference"];

const routes = {
  document: createRoute({
    method: "get",
    path: "/openapi.json",
    operationId: "getOpenApiDocument",
    summary: "Get the OpenAPI document",
    description: "Returns the description of the API, in OpenAPI 3.1.",
    tags,
    security: [],
    request: { headers: documentHeadersSchema },
    responses: {
      ...describeDocument(
        z.looseObject({ openapi: z.string().describe("Version of OpenAPI.") }),
        "The OpenAPI document.",
      ),
      ...describeProblems(),
    },
  }),
  page: createRoute({
    method: "get",
    path: "/reference",
    operationId: "getReference",
    summary: "Get the reference page",
    description:
      "Returns the reference of the API as an HTML page, with the content of the OpenAPI document.",
    tags,
    security: [],
    request: { headers: documentHeadersSchema },
    responses: { ...describePage("The page."), ...describeProblems() },
  }),
};

/** Paths of the operations that describe the API. They need no authentication. */
export const referencePaths: readonly string[] = [routes.page.path, routes.document.path];

/** Calls a function once, when its result is first needed. */
const callOnce = <Result extends object>(call: () => Result): (() => Result) => {
  let result: Result | undefined;
  return () => {
    result ??= call();
    return result;
  };
};

/**
 * Adds the operations that describe the API.
 *
 * @param buildDocument called at the first request, when the API has all its operations
 */
export const addReferenceOperations = (app: OpenAPIHono, buildDocument: () => OpenApiDocument): void => {
  const getDocument = callOnce(() => serializeDocument(buildDocument()));
  const getPage = callOnce(() => encodeDocument(renderReferencePage(buildReference(buildDocument()))));
  app.openapi(routes.document, (context) =>
    respondWithDocument(getDocument(), context.req.valid("header")["if-none-match"]),
  );
  app.openapi(routes.page, (context) =>
    respondWithDocument(getPage(), context.req.valid("header")["if-none-match"], referencePageHeaders),
  );
};
