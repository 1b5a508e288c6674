import { createHash } from "node:crypto";
import { html, raw } from "hono/html";

const style = `:root{color-scheme:light dark;font-family:system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center}
main{box-sizing:border-box;width:min(22rem,100vw);padding:1.5rem}
h1{margin:0 0 1rem;font-size:1.5rem}
label{display:block;margin:.75rem 0 .25rem}
input,button{box-sizing:border-box;width:100%;padding:.6rem;font:inherit}
button{margin-top:1.25rem}
[role=alert]{margin:0 0 1rem;padding:.6rem;border:1px solid currentColor;border-radius:.25rem}`;

/** Headers of the sign-in page: it runs no script, loads nothing, and cannot be framed. */
export const signInPageHeaders = {
  "cache-control": "no-store",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
} as const;

/**
 * Renders the sign-in page.
 *
 * @param next path to open after the sign-in
 * @param failure why the last attempt failed
 */
export const renderSignInPage = (next: string, failure?: string): string =>
  `${html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in – Reelway</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
<h1>Sign in to Reelway</h1>
${failure === undefined ? "" : html`<p role="alert">${failure}</p>`}
<form method="post" action="/sign-in">
<input type="hidden" name="next" value="${next}">
<label for="name">Name</label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in</button>
</form>
</main>
</body>
</html>
`}`;
