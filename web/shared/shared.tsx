import { usePageTitle } from "../components/page-title.ts";

/** The view shared. */
export const Shared = () => {
  usePageTitle("Shared");
  return <h1>Shared</h1>;
};
