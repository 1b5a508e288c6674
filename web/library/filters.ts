import type { components } from "../api/schema.ts";

export type Status = components["schemas"]["Job"]["status"];
type Recipe = components["schemas"]["Job"]["recipe"];
type Engine = NonNullable<components["schemas"]["Job"]["engine"]>;

/** Statuses of jobs, in the order of their life. */
export const statuses = [
  "Submitted",
  "Progressing",
  "Complete",
  "Canceled",
  "Error",
] as const satisfies readonly Status[];
/** Engines by name, and how people know them. */
export const engineLabels: Readonly<Record<Engine, string>> = {
  ffmpeg: "ffmpeg",
  "elastic-transcoder": "Elastic Transcoder",
};
const engines = Object.keys(engineLabels);

/** Recipes whose jobs make videos. The others make images. */
const videoRecipes: readonly Recipe[] = ["transcode", "watermark", "ladder", "audio", "clip"];

/** Whether jobs with a recipe make videos. @param recipe null: no route */
export const makesVideo = (recipe: Recipe): boolean => videoRecipes.includes(recipe);

const isStatus = (value: string): value is Status => statuses.some((status) => status === value);
const isEngine = (value: string): value is Engine => engines.includes(value);

/** What the library lists. An absent filter selects everything. */
export interface Filters {
  /** Part of the key. */
  readonly q?: string;
  readonly status?: Status;
  readonly route?: string;
  readonly engine?: Engine;
  /** Responses of this project. */
  readonly project?: string;
  /** Responses to this step, with `project` or `mail`. */
  readonly step?: string;
  /** Responses of this person. */
  readonly mail?: string;
}
export type FilterName = keyof Filters;

const filterNames: readonly FilterName[] = ["q", "status", "route", "engine", "project", "step", "mail"];

/** Reads the filters of an address. Values that the API would reject are ignored. @param query its parameters */
export const readFilters = (query: Readonly<Record<string, string | undefined>>): Filters => {
  const read = (name: FilterName): string | undefined => query[name]?.trim() || undefined;
  const [q, status, route, engine] = [read("q"), read("status"), read("route"), read("engine")];
  const [project, step, mail] = [read("project"), read("step"), read("mail")];
  return {
    ...(q === undefined ? {} : { q: q.slice(0, 1024) }),
    ...(status !== undefined && isStatus(status) ? { status } : {}),
    ...(route === undefined ? {} : { route }),
    ...(engine !== undefined && isEngine(engine) ? { engine } : {}),
    ...(project === undefined ? {} : { project }),
    ...(step === undefined || (project === undefined && mail === undefined) ? {} : { step }),
    ...(mail === undefined ? {} : { mail }),
  };
};

/** The views of the library: videos, or all jobs. */
export type LibraryView = "videos" | "jobs";

/** Builds the address of a view with filters, always the same for the same filters. */
export const toAddress = (filters: Filters, view: LibraryView = "videos"): string => {
  const entries = filterNames.flatMap((name): [string, string][] => {
    const value = filters[name];
    return value === undefined ? [] : [[name, value]];
  });
  const search = new URLSearchParams(view === "jobs" ? [["view", "jobs"], ...entries] : entries).toString();
  return search === "" ? "/" : `/?${search}`;
};

/** Whether any filter is set. */
export const hasFilters = (filters: Filters): boolean => Object.keys(filters).length > 0;

/** Returns the filters with another value of one; empty: without it. */
export const setFilter = (filters: Filters, name: FilterName, value: string): Filters =>
  readFilters({ ...filters, [name]: value });
