import { html } from "hono/html";
import { renderPage } from "./pages.ts";

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
