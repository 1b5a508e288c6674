import { useLocation } from "preact-iso/router";
import { usePageTitle } from "../components/page-title.ts";
import { FilterBar } from "./filter-bar.tsx";
import { type LibraryView, readFilters, toAddress } from "./filters.ts";
import { Jobs } from "./jobs.tsx";
import "./cards.css";
import "./library.css";
import { Videos } from "./videos.tsx";

const views = [
  { view: "videos", label: "Videos" },
  { view: "jobs", label: "All jobs" },
] as const satisfies readonly { readonly view: LibraryView; readonly label: string }[];

/** The library: videos and jobs, with search and filters. */
export const Library = () => {
  usePageTitle("Library");
  const { query } = useLocation();
  const view: LibraryView = query.view === "jobs" ? "jobs" : "videos";
  const filters = readFilters(query);
  return (
    <div class="library">
      <div class="library-head">
        <h1 id="library-title" tabIndex={-1}>
          Library
        </h1>
        <nav class="library-views" aria-label="Library">
          {views.map((one) => (
            <a
              key={one.view}
              href={toAddress({}, one.view)}
              aria-current={one.view === view ? "page" : undefined}
            >
              {one.label}
            </a>
          ))}
        </nav>
        <FilterBar filters={filters} view={view} />
      </div>
      {view === "jobs" ? <Jobs filters={filters} /> : <Videos filters={filters} />}
    </div>
  );
};
