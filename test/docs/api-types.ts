import openapiTypescript, { astToString, type OpenAPI3 } from "openapi-typescript";
import { createOpenApiDocument } from "../lambdas/api/openapi-document.ts";

/** The content of web/api/schema.ts: the types of the HTTP API, for the page's client. */
export const renderApiTypes = async (): Promise<string> => {
  // Not `immutable`: openapi-fetch would read `readonly X[]` as an object (its type `Readable`).
  // The document is OpenAPI 3.1; the package's type has fewer fields than the one of zod-openapi.
  const document = JSON.parse(JSON.stringify(createOpenApiDocument())) as OpenAPI3;
  return `// Generated from the OpenAPI document (npm run docs). Do not edit.\n${astToString(await openapiTypescript(document))}`;
};
