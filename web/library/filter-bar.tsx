import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { statusLabels } from "../components/status-badge.tsx";
import {
  engineLabels,
  type FilterName,
  type Filters,
  type LibraryView,
  makesVideo,
  setFilter,
  statuses,
  toAddress,
} from "./filters.ts";
import { type Route, readRoutes } from "./library-data.ts";

/** Typing that goes on sends no request. */
const searchDelayMs = 200;

interface FilterBarProps {
  readonly filters: Filters;
  readonly view: LibraryView;
}

interface FilterSelectProps {
  readonly label: string;
  readonly all: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, label: string])[];
  onChange(value: string): void;
}

const FilterSelect = ({ label, all, value = "", options, onChange }: FilterSelectProps) => (
  <select
    class="field"
    aria-label={label}
    value={value}
    onChange={({ currentTarget }) => onChange(currentTarget.value)}
  >
    <option value="">{all}</option>
    {options.map(([option, text]) => (
      <option key={option} value={option}>
        {text}
      </option>
    ))}
  </select>
);

/** Reads the names of the routes of a view. Without them, the page has no filter by route. */
const useRouteNames = (view: LibraryView, selected: string | undefined): readonly string[] => {
  const [routes, setRoutes] = useState<readonly Route[]>([]);
  useEffect(() => {
    readRoutes().then(setRoutes, () => undefined);
  }, []);
  const names = routes.filter(({ recipe }) => view === "jobs" || makesVideo(recipe)).map(({ name }) => name);
  return selected === undefined || names.includes(selected) ? names : [...names, selected];
};

/** The search field. The address follows the text after a short pause. */
const SearchField = ({ value, onSearch }: { readonly value: string; onSearch(text: string): void }) => {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** The value as this field has it: a different one comes from a link, or from back and forward. */
  const ownValue = useRef(value);
  useEffect(() => {
    if (value === ownValue.current) return;
    clearTimeout(timer.current);
    ownValue.current = value;
    setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (next: string, delayMs: number): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      // The address has no spaces at the ends, but the user may still type after one.
      const nextValue = next.trim();
      if (nextValue === ownValue.current) return;
      ownValue.current = nextValue;
      onSearch(nextValue);
    }, delayMs);
  };
  return (
    <search class="library-search">
      <input
        class="field"
        type="search"
        aria-label="Search by name"
        placeholder="Search by name"
        autoComplete="off"
        spellcheck={false}
        maxLength={1024}
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          search(currentTarget.value, searchDelayMs);
        }}
        onKeyDown={({ key }) => key === "Enter" && search(text, 0)}
      />
    </search>
  );
};

/** The filters of a view. They are in the address, so that links, back and forward keep them. */
export const FilterBar = ({ filters, view }: FilterBarProps) => {
  const { route } = useLocation();
  const routeNames = useRouteNames(view, filters.route);
  const change = (name: FilterName, value: string): void =>
    route(toAddress(setFilter(filters, name, value), view));
  const responseFilters = (["project", "step", "mail"] as const).filter(
    (name) => filters[name] !== undefined,
  );
  return (
    <div class="library-filters">
      {view === "videos" && (
        <SearchField
          value={filters.q ?? ""}
          // Each search is one entry of the history, not each letter.
          onSearch={(text) =>
            route(toAddress(setFilter(filters, "q", text), view), filters.q !== undefined && text !== "")
          }
        />
      )}
      <FilterSelect
        label="Status"
        all="All statuses"
        value={filters.status}
        options={statuses.map((status) => [status, statusLabels[status]])}
        onChange={(value) => change("status", value)}
      />
      {routeNames.length > 0 && (
        <FilterSelect
          label="Route"
          all="All routes"
          value={filters.route}
          options={routeNames.map((name) => [name, name])}
          onChange={(value) => change("route", value)}
        />
      )}
      {view === "videos" && (
        <FilterSelect
          label="Engine"
          all="All engines"
          value={filters.engine}
          options={Object.entries(engineLabels)}
          onChange={(value) => change("engine", value)}
        />
      )}
      {responseFilters.map((name) => (
        <button
          key={name}
          type="button"
          class="button library-chip"
          aria-label={`Remove filter ${name} ${filters[name]}`}
          onClick={() => change(name, "")}
        >
          {name}: <bdi>{filters[name]}</bdi> <span aria-hidden="true">×</span>
        </button>
      ))}
    </div>
  );
};
