import { usePageTitle } from "../components/page-title.ts";

/** The view upload. */
export const Upload = () => {
  usePageTitle("Upload");
  return <h1>Upload</h1>;
};
