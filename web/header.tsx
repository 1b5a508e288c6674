import { useLocation } from "preact-iso/router";
import { hasChannels } from "./api/channels.ts";
import { session } from "./api/session.ts";

const views = [
  { path: "/", label: "Library" },
  { path: "/upload", label: "Upload" },
] as const;
/** Shown where channels are watched. */
const highlightsView = { path: "/highlights", label: "Highlights" } as const;

/** The header: navigation, and who is signed in. A visitor who opens a share sees the name alone. */
export const Header = () => {
  const { path } = useLocation();
  const shownViews = hasChannels.value || path === highlightsView.path ? [...views, highlightsView] : views;
  const isShared = path.startsWith("/shared/");
  return (
    <header class="site-header">
      {isShared ? (
        <span class="site-name">Reelway</span>
      ) : (
        <>
          <a class="site-name" href="/">
            Reelway
          </a>
          <nav aria-label="Main">
            {shownViews.map((view) => (
              <a key={view.path} href={view.path} aria-current={path === view.path ? "page" : undefined}>
                {view.label}
              </a>
            ))}
          </nav>
          {session.value.kind === "user" && (
            <div class="site-user">
              <span>{session.value.name}</span>
              <a href="/sign-out">Sign out</a>
            </div>
          )}
        </>
      )}
    </header>
  );
};
