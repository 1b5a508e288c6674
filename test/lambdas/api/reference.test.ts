import { createHash } from "node:crypto";
import { expect } from "chai";
import { buildOpenApiDocument, createApi } from "../../../lambdas/api/app.ts";
import { buildReference } from "../../../lambdas/api/reference/reference.ts";
import { renderReferencePage } from "../../../lambdas/api/reference/reference-page.ts";
import { problemTypes } from "../../../pipeline/api/problem.ts";
import { createOpenApiDocument } from "./openapi-document.ts";
import { unexpected, unusedPorts } from "./unused-ports.ts";

const listMatches = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, match = ""]) => match);
const listIds = (page: string) => listMatches(page, / id="([^"]*)"/g);

describe("the reference", () => {
  const document = createOpenApiDocument();
  const page = renderReferencePage(buildReference(document));

  it("has every operation, schema and problem type under an id of its own", () => {
    const operationIds = Object.values(document.paths ?? {}).flatMap((item) =>
      Object.values(item as Readonly<Record<string, { readonly operationId: string }>>).map(
        ({ operationId }) => `operation-${operationId}`,
      ),
    );
    const schemaIds = Object.keys(document.components?.schemas ?? {}).map((name) => `schema-${name}`);
    const problemIds = Object.keys(problemTypes).map((name) => `problem-${name}`);
    const ids = listIds(page);

    expect(operationIds).to.include("operation-getReference");
    expect(schemaIds).to.include("schema-JobDetails");
    expect(ids).to.include.members([...operationIds, ...schemaIds, ...problemIds]);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it("links only to its own ids and to the OpenAPI document", () => {
    const links = new Set(listMatches(page, / href="([^"]*)"/g));
    const targets = new Set(["/openapi.json", ...listIds(page).map((id) => `#${id}`)]);

    expect(links).to.include("#schema-Job").and.to.include("#problem-job-not-found");
    expect([...links].filter((link) => !targets.has(link))).to.deep.equal([]);
  });

  it("shows every parameter and field", () => {
    const { groups, schemas } = buildReference(document);
    const operations = groups.flatMap((group) => group.operations);
    const names = [
      ...operations.flatMap(({ parameters }) => parameters),
      ...schemas.flatMap(({ fields }) => fields),
    ];

    expect(names.length).to.be.above(100);
    for (const { name } of names) expect(page).to.include(`<code>${name}</code>`);
    expect(page).to.include("<code>metadata[NAME]</code>");
  });

  it("has landmarks, one h1, and headings without a gap", () => {
    const levels = listMatches(page, /<h(\d)[ >]/g).map(Number);

    for (const tag of ["header", "nav", "main", "h1"])
      expect(listMatches(page, new RegExp(`<(${tag})[ >]`, "g")), tag).to.deep.equal([tag]);
    expect(levels[0]).to.equal(1);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).to.deep.equal([]);
  });

  it("escapes every text of the document", () => {
    const hostile = `<script>alert("1")</script> & \`<img src=x onerror='alert(2)'>\``;
    const schema = {
      type: "object" as const,
      description: hostile,
      properties: { [hostile]: { type: "string" as const, description: hostile } },
    };
    const hostilePage = renderReferencePage(
      buildReference({
        openapi: "3.1.0",
        info: { title: hostile, version: hostile, description: hostile },
        security: [{ token: [] }],
        components: {
          securitySchemes: { [hostile]: { type: "http", scheme: "bearer", description: hostile } },
          schemas: { [hostile]: schema },
        },
        paths: {
          [hostile]: {
            get: {
              operationId: hostile,
              summary: hostile,
              description: hostile,
              tags: [hostile],
              parameters: [{ name: hostile, in: "query", schema: { enum: [hostile], description: hostile } }],
              responses: {
                200: {
                  description: hostile,
                  content: { "application/json": { schema: { $ref: `#/x/${hostile.replaceAll("/", "")}` } } },
                },
              },
            },
          },
        },
      }),
    );

    expect(hostilePage).to.not.match(/<script|<img/);
    expect(hostilePage).to.include("<code>&lt;img src=x onerror=&#39;alert(2)&#39;&gt;</code>");
    expect(hostilePage).to.include("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; ");
    for (const id of listIds(hostilePage)) expect(id).to.match(/^[\w.-]+$/);
  });
});

describe("GET /reference and GET /openapi.json", () => {
  const ports = { ...unusedPorts, version: "4.5.6" };
  const { app } = createApi(ports);

  it("return what the API describes", async () => {
    const document = buildOpenApiDocument(app, ports);

    expect(await (await app.request("/openapi.json")).json()).to.deep.equal(
      JSON.parse(JSON.stringify(document)),
    );
    expect(await (await app.request("/reference")).text()).to.equal(
      renderReferencePage(buildReference(document)),
    );
  });

  it("are built once", async () => {
    const { app: countedApp } = createApi(ports);
    let builds = 0;
    const build = countedApp.getOpenAPI31Document;
    countedApp.getOpenAPI31Document = (...options) => {
      builds += 1;
      return build(...options);
    };
    for (const path of ["/openapi.json", "/openapi.json", "/reference", "/reference"])
      expect((await countedApp.request(path)).status).to.equal(200);
    // Once for each format.
    expect(builds).to.equal(2);
  });

  it("respond with 304 to a client that has them", async () => {
    for (const path of ["/openapi.json", "/reference"]) {
      const { headers } = await app.request(path);
      const etag = headers.get("etag") ?? unexpected();
      const unchanged = await app.request(path, { headers: { "if-none-match": etag } });

      expect(headers.get("cache-control"), path).to.equal("private, no-cache");
      expect([unchanged.status, await unchanged.text()], path).to.deep.equal([304, ""]);
    }
  });

  it("allow the page its own style and nothing else", async () => {
    const response = await app.request("/reference");
    const [style = ""] = listMatches(await response.text(), /<style>(.*?)<\/style>/gs);
    const hash = createHash("sha256").update(style).digest("base64");

    expect(response.headers.get("content-type")).to.equal("text/html; charset=utf-8");
    expect(response.headers.get("x-content-type-options")).to.equal("nosniff");
    expect(response.headers.get("content-security-policy")).to.equal(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
  });

  it("say that an API without authentication needs none", async () => {
    expect(await (await app.request("/reference")).text())
      .to.include("This server needs no authentication.")
      .and.to.not.include("Needs no authentication.");
  });
});
