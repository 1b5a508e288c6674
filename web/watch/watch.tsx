import { usePageTitle } from "../components/page-title.ts";

/** The view watch. */
export const Watch = () => {
  usePageTitle("Watch");
  return <h1>Watch</h1>;
};
