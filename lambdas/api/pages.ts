import { createHash } from "node:crypto";
import { html, raw } from "hono/html";

/** HTML in which everything else is escaped. */
export type Html = ReturnType<typeof html>;

const commonStyle = `:root{color-scheme:light dark;font-family:system-ui,sans-serif;line-height:1.5;--accent:light-dark(#0b57d0,#a8c7fa);--on-accent:light-dark(#fff,#062e6f);--muted:light-dark(#5f6368,#9aa0a6);--alert:light-dark(#b3261e,#f2b8b5)}
body{margin:0;background:light-dark(#fff,#1b1b1f)}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25}
p{margin:0 0 1rem;overflow-wrap:anywhere}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`;

interface PageOptions {
  readonly title: string;
  /** URL to open at once. @default none */
  readonly refreshUrl?: string | undefined;
}

/** Creates the headers of pages that look alike, and what renders them. @param ownStyle CSS, besides the common one */
export const createPages = (ownStyle: string) => {
  const style = `${commonStyle}${ownStyle}`;
  return {
    /** They run no script, load nothing, and cannot be framed. */
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
      // With no-referrer, browsers send Origin: null with forms.
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
    },
    render: ({ title, refreshUrl, body }: PageOptions & { readonly body: Html }): string =>
      `${html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
${refreshUrl === undefined ? "" : html`<meta http-equiv="refresh" content="0;url=${refreshUrl}">`}
<title>${title} – Reelway</title>
<style>${raw(style)}</style>
</head>
<body>
${body}
</body>
</html>
`}`,
  } as const;
};

const formPages = createPages(`body{min-height:100vh;min-height:100dvh;display:grid;place-items:center}
main{box-sizing:border-box;width:min(24rem,100vw);padding:1.5rem}
label{display:block;margin:1rem 0 .25rem;font-weight:500}
input,button,.button{box-sizing:border-box;display:block;width:100%;padding:.7rem;font:inherit;border-radius:.5rem;border:1px solid var(--muted)}
button,.button{margin-top:1.5rem;border-color:var(--accent);background:var(--accent);color:var(--on-accent);font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
.secondary{margin-top:.75rem;background:none;color:var(--accent)}
[role=alert]{padding:.7rem;border:1px solid var(--alert);border-radius:.5rem;color:var(--alert)}`);

/** Headers of the pages with forms and messages. */
export const pageHeaders = { ...formPages.headers, "cache-control": "no-store" } as const;

/** Renders a page with a form or a message. */
export const renderPage = ({
  title,
  refreshUrl,
  content,
}: PageOptions & { readonly content: Html }): string =>
  formPages.render({
    title,
    refreshUrl,
    body: html`<main>
<h1>${title}</h1>
${content}
</main>`,
  });
