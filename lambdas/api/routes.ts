import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { routeListSchema, toRouteList } from "../../pipeline/api/route-list.ts";
import { describeDocument, documentHeadersSchema } from "./document-operation.ts";
import { respondWithDocument, serializeDocument } from "./etag.ts";
import type { ApiPorts } from "./ports.ts";
import { describeProblems } from "./problems.ts";

const route = createRoute({
  method: "get",
  path: "/routes",
  operationId: "listRoutes",
  summary: "List routes",
  description:
    "Returns the routes of the stage, the uploads that it ignores and its limits on an upload, so that a client can offer destinations and refuse a file before it sends it.",
  tags: ["Uploads"],
  request: { query: z.strictObject({}), headers: documentHeadersSchema },
  responses: {
    ...describeDocument(routeListSchema, "The routes."),
    ...describeProblems("invalid-request"),
  },
});

/** Adds the operation that lists the routes, which do not change while the API runs. */
export const addRouteOperations = (app: OpenAPIHono, configuration: ApiPorts["configuration"]): void => {
  const document = serializeDocument(toRouteList(configuration));
  app.openapi(route, (context) =>
    respondWithDocument(document, context.req.valid("header")["if-none-match"]),
  );
};
