import { signal } from "@preact/signals";
import lazy, { ErrorBoundary } from "preact-iso/lazy";
import { LocationProvider, Route, Router } from "preact-iso/router";
import { NotFound } from "./components/not-found.tsx";
import { ViewFailure } from "./components/view-failure.tsx";
import { Header } from "./header.tsx";
import { loadView } from "./load-view.ts";
import { SessionNotice } from "./session-notice.tsx";

// Each view is loaded when it is opened first.
const Library = lazy(() => loadView(async () => (await import("./library/library.tsx")).Library));
const Upload = lazy(() => loadView(async () => (await import("./upload/upload.tsx")).Upload));
const Highlights = lazy(() => loadView(async () => (await import("./highlights/highlights.tsx")).Highlights));
const Watch = lazy(() => loadView(async () => (await import("./watch/watch.tsx")).Watch));
const Shared = lazy(() => loadView(async () => (await import("./shared/shared.tsx")).Shared));

/** What the router opens without a request: its views. Other paths, e.g. of the sign-out, are the server's. */
const viewPaths = /^(\/$|\/\?|\/#|\/(?:upload|highlights)(?![\w-])|\/watch\/|\/shared\/)/;

/** Why the view has failed; undefined while it works. */
const viewFailure = signal<unknown>(undefined);

/**
 * Moves the focus into a view that a navigation has opened: to its heading if it is there, unless the view has moved it
 * already. The link that had the focus may be gone, and screen readers say where the user is.
 */
const focusView = (): void => {
  const content = document.getElementById("content");
  if (content === null || (content !== document.activeElement && content.contains(document.activeElement)))
    return;
  const heading = content.querySelector("h1");
  if (heading !== null) heading.tabIndex = -1;
  (heading ?? content).focus({ preventScroll: true });
};

/** The page: its header, and the view of the path. */
export const App = () => (
  <LocationProvider scope={viewPaths}>
    <a class="skip-link" href="#content">
      Skip to content
    </a>
    <Header />
    <main id="content" tabIndex={-1}>
      <SessionNotice />
      {viewFailure.value !== undefined && <ViewFailure />}
      <ErrorBoundary
        onError={(cause) => {
          viewFailure.value = cause;
        }}
      >
        <Router
          onRouteChange={() => {
            viewFailure.value = undefined;
            focusView();
          }}
        >
          <Route path="/" component={Library} />
          <Route path="/upload" component={Upload} />
          <Route path="/highlights" component={Highlights} />
          <Route path="/watch/:id" component={Watch} />
          <Route path="/shared/:token" component={Shared} />
          <Route default component={NotFound} />
        </Router>
      </ErrorBoundary>
    </main>
  </LocationProvider>
);
