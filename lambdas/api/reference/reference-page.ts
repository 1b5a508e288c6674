import { html } from "hono/html";
import { createPages, type Html } from "../pages.ts";
import type {
  Reference,
  ReferenceField,
  ReferenceOperation,
  ReferenceParameter,
  ReferenceResponse,
  ReferenceSchema,
  RichText,
} from "./reference.ts";

const pages =
  createPages(`:root{--page:light-dark(#fff,#1b1b1f);--text:light-dark(#1f1f1f,#e3e3e3);--line:light-dark(#dadce0,#44474e);--code:light-dark(#f1f3f4,#2b2d31);scroll-padding-top:1rem}
body{color:var(--text)}
h1,h2,h3,h4,dt{overflow-wrap:anywhere}
h1{margin-bottom:.25rem;font-size:clamp(1.6rem,7vw,2rem)}
h2{margin:3.5rem 0 1rem;padding-bottom:.4rem;border-bottom:1px solid var(--line);font-size:1.5rem}
h3{margin:2.25rem 0 .5rem;font-size:1.15rem}
h4{margin:1.25rem 0 .5rem;font-size:.9rem;color:var(--muted)}
a{color:var(--accent);text-underline-offset:.15em}
h3 a,nav a{color:inherit;text-decoration:none}
h3 a:hover,nav a:hover{text-decoration:underline}
code{padding:.1em .3em;border-radius:.25rem;background:var(--code);font:.9em ui-monospace,monospace;overflow-wrap:anywhere}
.skip{position:absolute;left:-100vw;z-index:1;padding:.7rem 1rem;background:var(--accent);color:var(--on-accent)}
.skip:focus{left:0}
header,nav,main{box-sizing:border-box;max-width:50rem;margin:0 auto;padding:1.5rem 1rem 0}
main{padding-bottom:6rem}
nav{font-size:.95rem}
nav h2{margin:0 0 .5rem;padding:0;border:0;font-size:1rem}
nav ul{margin:0;padding:0;list-style:none}
nav summary,nav li a{display:block;padding:.3rem 0;overflow-wrap:anywhere}
nav summary{display:list-item;font-weight:600;cursor:pointer}
nav details ul{padding:0 0 .5rem 1rem}
nav>ul>li>a{font-weight:600}
.muted{color:var(--muted)}
.endpoint{display:flex;gap:.6rem;align-items:baseline;padding:.6rem .8rem;border-radius:.5rem;background:var(--code)}
.endpoint code{padding:0;background:none}
.endpoint b{font:700 .9em ui-monospace,monospace;color:var(--accent)}
dl{margin:0 0 1rem;border-top:1px solid var(--line)}
dl>div{padding:.6rem 0;border-bottom:1px solid var(--line)}
dt{font-weight:600}
dt span{margin-left:.4rem;font-size:.9rem;font-weight:400}
dt span code{font-size:1em}
dd{margin:.2rem 0 0;overflow-wrap:anywhere}
dt:target,section:target>h2,section:target>h3{box-shadow:-.5rem 0 var(--page),-.75rem 0 var(--accent)}
.statuses>div{display:grid;grid-template-columns:3.5rem 1fr}
.statuses dd{margin:0}
@media(max-width:59.99rem){nav li li{display:inline-block;margin-right:1.25rem}}
@media(min-width:60rem){body{display:grid;grid-template:auto 1fr/18rem minmax(0,50rem);column-gap:3rem;justify-content:center}
header,main{margin:0;padding-inline:0 2rem}
header{grid-area:1/2}
main{grid-area:2/2}
nav{grid-area:1/1/3/2;position:sticky;top:0;height:100vh;margin:0;overflow-y:auto;padding-bottom:2rem;border-right:1px solid var(--line)}}
@media print{nav,.skip{display:none}}`);

/** Headers of the page. */
export const referencePageHeaders = pages.headers;

/** A fragment of a URL as an id: without spaces, and without a collision between kinds of items. */
const toId = (kind: "group" | "operation" | "problem" | "schema", name: string): string =>
  `${kind}-${name.replaceAll(/[^\w.-]+/g, "-")}`;
const toProblemId = (type: string): string => toId("problem", type.replace("/problems/", ""));

const problemSchemaName = "Problem";

/** Whether a response has a body other than that of every error. */
const hasOwnBody = (body: RichText): boolean =>
  body.some(({ kind, text }) => kind !== "schema" || text !== problemSchemaName);

const renderReference = ({
  title,
  version,
  description,
  authentication,
  groups,
  problems,
  schemas,
}: Reference): Html => {
  const problemTypes = new Set(problems.map(({ type }) => type));
  const schemaNames = new Set(schemas.map(({ name }) => name));

  const renderPart = ({ kind, text }: RichText[number]): Html | string => {
    if (kind === "text") return text;
    if (kind === "schema")
      return schemaNames.has(text) ? html`<a href="#${toId("schema", text)}">${text}</a>` : text;
    return problemTypes.has(text)
      ? html`<a href="#${toProblemId(text)}"><code>${text}</code></a>`
      : html`<code>${text}</code>`;
  };
  const render = (text: RichText) => text.map(renderPart);
  const renderSchemaLink = (name: string) => renderPart({ kind: "schema", text: name });
  const renderItem = (term: Html, { type, description: text }: ReferenceField) => html`<div>
<dt>${term} <span class="muted">${render(type)}</span></dt>
${text.length === 0 ? "" : html`<dd>${render(text)}</dd>`}
</div>
`;
  const renderParameter = (parameter: ReferenceParameter) =>
    renderItem(
      html`<code>${parameter.name}</code> <span>in ${parameter.location}${parameter.isRequired ? ", required" : ""}</span>`,
      parameter,
    );
  const renderField = (field: ReferenceField) =>
    renderItem(
      html`<code>${field.name}</code>${field.isRequired ? "" : html` <span>optional</span>`}`,
      field,
    );
  const renderResponse = ({ status, body, description: text }: ReferenceResponse) => html`<div>
<dt>${status}</dt>
<dd>${render(text)}${hasOwnBody(body) ? html` <span class="muted">Body: ${render(body)}</span>` : ""}</dd>
</div>
`;
  const renderOperation = (operation: ReferenceOperation) => {
    const id = toId("operation", operation.id);
    return html`<section id="${id}">
<h3><a href="#${id}">${operation.summary}</a></h3>
<p class="endpoint"><b>${operation.method}</b> <code>${operation.path}</code></p>
<p>${render(operation.description)}${operation.isPublic ? " Needs no authentication." : ""}</p>
${
  operation.parameters.length === 0
    ? ""
    : html`<h4>Parameters</h4>
<dl>
${operation.parameters.map(renderParameter)}</dl>
`
}${
  operation.body.length === 0
    ? ""
    : html`<h4>Request body</h4>
<p>${render(operation.body)}, as <code>application/json</code></p>
`
}<h4>Responses</h4>
<dl class="statuses">
${operation.responses.map(renderResponse)}</dl>
</section>
`;
  };
  const renderSchema = ({ name, description: text, baseName, fields }: ReferenceSchema) => {
    const id = toId("schema", name);
    return html`<section id="${id}">
<h3><a href="#${id}">${name}</a></h3>
<p>${render(text)}${baseName === undefined ? "" : html` It has the fields of ${renderSchemaLink(baseName)} and these:`}</p>
${
  fields.length === 0
    ? ""
    : html`<dl>
${fields.map(renderField)}</dl>
`
}</section>
`;
  };
  return html`<a class="skip" href="#content">Skip to the content</a>
<header>
<h1>${title} HTTP API</h1>
<p class="muted">Version ${version} · <a href="/openapi.json">OpenAPI document</a></p>
</header>
<nav aria-labelledby="contents">
<h2 id="contents">Contents</h2>
<ul>
<li><a href="#authentication">Authentication</a></li>
${groups.map(
  ({ name, operations }) => html`<li><details open>
<summary>${name}</summary>
<ul>
${operations.map(({ id, summary }) => html`<li><a href="#${toId("operation", id)}">${summary}</a></li>`)}
</ul>
</details></li>
`,
)}<li><a href="#problems">Errors</a></li>
<li><details>
<summary>Objects</summary>
<ul>
${schemas.map(({ name }) => html`<li><a href="#${toId("schema", name)}">${name}</a></li>`)}
</ul>
</details></li>
</ul>
</nav>
<main id="content" tabindex="-1">
<p>${render(description)}</p>
<section id="authentication">
<h2>Authentication</h2>
${
  authentication.length === 0
    ? html`<p>This server needs no authentication.</p>`
    : html`<p>A request has one of these, unless its operation needs no authentication.</p>
<dl>
${authentication.map(
  ({ name, description: text }) => html`<div>
<dt><code>${name}</code></dt>
<dd>${render(text)}</dd>
</div>
`,
)}</dl>`
}
</section>
${groups.map(({ name, operations }) => {
  const id = toId("group", name);
  return html`<section id="${id}">
<h2>${name}</h2>
${operations.map(renderOperation)}</section>
`;
})}<section id="problems">
<h2>Errors</h2>
<p>The body of every error is a ${renderSchemaLink(problemSchemaName)} (RFC 9457) with the media type <code>application/problem+json</code>. Decide by <code>type</code>, which is stable; <code>detail</code> is for people.</p>
<dl>
${problems.map(
  ({ type, status, title: meaning }) => html`<div>
<dt id="${toProblemId(type)}"><code>${type}</code> <span class="muted">${status}</span></dt>
<dd>${meaning}.</dd>
</div>
`,
)}</dl>
</section>
<section id="schemas">
<h2>Objects</h2>
${schemas.map(renderSchema)}</section>
</main>`;
};

/** Renders the page of a reference. */
export const renderReferencePage = (reference: Reference): string =>
  pages.render({ title: "HTTP API", body: renderReference(reference) });
