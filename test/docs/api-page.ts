import {
  buildReference,
  type ReferenceOperation,
  type ReferenceSchema,
  type RichText,
} from "../../lambdas/api/reference/reference.ts";
import { createOpenApiDocument } from "../lambdas/api/openapi-document.ts";
import { renderTable } from "./markdown.ts";

const render = (text: RichText): string =>
  text
    .map(({ kind, text: content }) =>
      kind === "code"
        ? `\`${content}\``
        : kind === "schema"
          ? `[${content}](#${content.toLowerCase()})`
          : content,
    )
    .join("");

const renderOperation = (operation: ReferenceOperation): readonly string[] => [
  `#### \`${operation.method} ${operation.path}\``,
  `${render(operation.description)}${operation.isPublic ? " Needs no authentication." : ""}`,
  ...(operation.parameters.length === 0
    ? []
    : [
        renderTable(
          ["Parameter", "In", "Type", "Meaning"],
          operation.parameters.map(({ name, location, type, description, isRequired }) => [
            `\`${name}\``,
            location,
            render(type),
            `${render(description)}${isRequired ? " Required." : ""}`,
          ]),
        ),
      ]),
  ...(operation.body.length === 0 ? [] : [`Body: ${render(operation.body)}.`]),
  renderTable(
    ["Status", "Body", "Meaning"],
    operation.responses.map(({ status, body, description }) => [status, render(body), render(description)]),
  ),
];

const renderSchema = ({ name, description, baseName, fields }: ReferenceSchema): readonly string[] => [
  `### ${name}`,
  render(description),
  ...(baseName === undefined ? [] : [`The fields of ${render([{ kind: "schema", text: baseName }])}, and:`]),
  renderTable(
    ["Field", "Type", "Meaning"],
    fields.map((field) => [
      `\`${field.name}\``,
      render(field.type),
      `${render(field.description)}${field.isRequired ? "" : " Optional."}`.trim(),
    ]),
  ),
];

/** The content of docs/api.md. */
export const renderApiPage = (): string => {
  const { groups, problems, schemas } = buildReference(createOpenApiDocument());
  return `${[
    "# HTTP API",
    "After reading this page, you can upload files, and list, read, cancel, retry and follow jobs, from your own programs.",
    "This page is generated from the OpenAPI document of the API (`npm run docs`). Do not edit it by hand.",
    "Every server has this reference as a page at `/reference`, for its own version and settings. On one machine `npm start` prints its URL, e.g. `http://127.0.0.1:4600/reference`. `GET /openapi.json` returns the OpenAPI 3.1 document, from which clients can be generated.",
    "A runtime that is started with `--auth` needs a bearer token or a session cookie: see [Users and tokens](one-machine.md#users-and-tokens). Without `--auth`, `/session` does not exist.",
    "```sh\ncurl 'http://127.0.0.1:4600/jobs?status=Error&limit=10'\ncurl -N http://127.0.0.1:4600/jobs/ID/events\n```",
    "## Operations",
    ...groups.flatMap(({ name, operations }) => [`### ${name}`, ...operations.flatMap(renderOperation)]),
    "## Errors",
    "Every error is a problem (RFC 9457) with the media type `application/problem+json`. Decide by `type`, which is stable; `detail` is for people.",
    renderTable(
      ["Type", "Status", "Meaning"],
      problems.map(({ type, status, title }) => [`\`${type}\``, String(status), `${title}.`]),
    ),
    "## Objects",
    ...schemas.flatMap(renderSchema),
  ].join("\n\n")}\n`;
};
