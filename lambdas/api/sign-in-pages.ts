import { createHash } from "node:crypto";
import { html, raw } from "hono/html";

const style = `:root{color-scheme:light dark;font-family:system-ui,sans-serif;line-height:1.5;--accent:light-dark(#0b57d0,#a8c7fa);--on-accent:light-dark(#fff,#062e6f);--muted:light-dark(#5f6368,#9aa0a6);--alert:light-dark(#b3261e,#f2b8b5)}
body{margin:0;min-height:100vh;min-height:100dvh;display:grid;place-items:center;background:light-dark(#fff,#1b1b1f)}
main{box-sizing:border-box;width:min(24rem,100vw);padding:1.5rem}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25}
p{margin:0 0 1rem;overflow-wrap:anywhere}
label{display:block;margin:1rem 0 .25rem;font-weight:500}
input,button,.button{box-sizing:border-box;display:block;width:100%;padding:.7rem;font:inherit;border-radius:.5rem;border:1px solid var(--muted)}
button,.button{margin-top:1.5rem;border-color:var(--accent);background:var(--accent);color:var(--on-accent);font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
.secondary{margin-top:.75rem;background:none;color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
[role=alert]{padding:.7rem;border:1px solid var(--alert);border-radius:.5rem;color:var(--alert)}`;

/** Headers of the pages: they run no script, load nothing, and cannot be framed. */
export const signInPageHeaders = {
  "cache-control": "no-store",
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  // With no-referrer, browsers send Origin: null with forms.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
} as const;

interface PageOptions {
  readonly title: string;
  /** URL to open at once. @default none */
  readonly refreshUrl?: string | undefined;
  readonly content: ReturnType<typeof html>;
}

const renderPage = ({ title, refreshUrl, content }: PageOptions): string =>
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
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`}`;

const getSignInUrl = (next: string): string => `/sign-in?${new URLSearchParams({ next })}`;

/**
 * Renders the form for a name and a password.
 *
 * @param next path to open after the sign-in
 * @param failure why the last attempt failed
 */
export const renderPasswordPage = (next: string, failure?: string): string =>
  renderPage({
    title: "Sign in to Reelway",
    content: html`${failure === undefined ? "" : html`<p role="alert">${failure}</p>`}
<form method="post" action="/sign-in">
<input type="hidden" name="next" value="${next}">
<label for="name">Name</label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in</button>
</form>`,
  });

/**
 * Renders the page after a sign-in, which opens the next one. A redirect would not do: browsers count the requests of
 * a chain of redirects from the identity provider as requests of another site.
 *
 * @param next path to open
 */
export const renderSignedInPage = (next: string): string =>
  renderPage({
    title: "You are signed in",
    refreshUrl: next,
    content: html`<a class="button" href="${next}">Continue</a>`,
  });

/**
 * Renders why a sign-in at the identity provider failed.
 *
 * @param next path to open after another attempt
 * @param isUserRefused whether another user might be accepted; the provider would sign the same one in again
 */
export const renderSignInFailurePage = (next: string, failure: string, isUserRefused: boolean): string =>
  renderPage({
    title: "Sign-in failed",
    content: html`<p role="alert">${failure}</p>
<a class="button" href="${getSignInUrl(next)}">Try again</a>
${isUserRefused ? html`<a class="button secondary" href="/sign-out/provider">Use another account</a>` : ""}`,
  });

/** Renders the form to sign out. @param name of the user */
export const renderSignOutPage = (name: string): string =>
  renderPage({
    title: "Sign out of Reelway",
    content: html`<p>You are signed in as ${name}.</p>
<form method="post" action="/sign-out">
<button>Sign out</button>
</form>`,
  });

/**
 * Renders the page after a sign-out.
 *
 * @param provider `open` opens the page that ends the session at the identity provider; `link` offers it
 */
export const renderSignedOutPage = (provider: "open" | "link" | "none"): string =>
  renderPage({
    title: "You are signed out",
    refreshUrl: provider === "open" ? "/sign-out/provider" : undefined,
    content: html`<a class="button" href="/sign-in">Sign in again</a>
${provider === "none" ? "" : html`<a class="button secondary" href="/sign-out/provider">Sign out at the provider too</a>`}`,
  });
