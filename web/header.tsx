import { useLocation } from "preact-iso/router";
import { session } from "./api/session.ts";

const views = [
  { path: "/", label: "Library" },
  { path: "/upload", label: "Upload" },
] as const;

/** The header: navigation, and who is signed in. A visitor who opens a share sees the name alone. */
export const Header = () => {
  const { path } = useLocation();
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
            {views.map((view) => (
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
