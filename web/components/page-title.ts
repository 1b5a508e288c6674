import { useEffect } from "preact/hooks";

/** Sets the title of the browser's tab. */
export const usePageTitle = (title: string): void => {
  useEffect(() => {
    document.title = `${title} – Reelway`;
  }, [title]);
};
