import { usePageTitle } from "./page-title.ts";

/** The view of a path that the page does not have. */
export const NotFound = () => {
  usePageTitle("Not found");
  return (
    <section class="empty-state">
      <h1>This page does not exist</h1>
      <p>The address may be incomplete, or the video may have been deleted.</p>
      <a class="button" href="/">
        Open the library
      </a>
    </section>
  );
};
