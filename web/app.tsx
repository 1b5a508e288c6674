import lazy, { ErrorBoundary } from "preact-iso/lazy";
import { LocationProvider, Route, Router } from "preact-iso/router";
import { NotFound } from "./components/not-found.tsx";
import { Header } from "./header.tsx";

// Each view is loaded when it is opened first.
const Library = lazy(async () => (await import("./library/library.tsx")).Library);
const Upload = lazy(async () => (await import("./upload/upload.tsx")).Upload);
const Watch = lazy(async () => (await import("./watch/watch.tsx")).Watch);
const Shared = lazy(async () => (await import("./shared/shared.tsx")).Shared);

/** The page: its header, and the view of the path. */
export const App = () => (
  <LocationProvider>
    <a class="skip-link" href="#content">
      Skip to content
    </a>
    <Header />
    <main id="content" tabIndex={-1}>
      <ErrorBoundary>
        <Router>
          <Route path="/" component={Library} />
          <Route path="/upload" component={Upload} />
          <Route path="/watch/:id" component={Watch} />
          <Route path="/shared/:token" component={Shared} />
          <Route default component={NotFound} />
        </Router>
      </ErrorBoundary>
    </main>
  </LocationProvider>
);
