import { usePageTitle } from "../components/page-title.ts";

/** The view library. */
export const Library = () => {
  usePageTitle("Library");
  return <h1>Library</h1>;
};
