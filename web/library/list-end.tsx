import { Failure } from "../components/failure.tsx";
import type { PagedList } from "./paged-list.ts";

interface ListEndProps {
  readonly list: Pick<PagedList<unknown>, "state" | "failure" | "isReady" | "isComplete" | "loadMore">;
  /** What the list has, e.g. `jobs`. */
  readonly noun: string;
}

/** The end of a list that is loaded page by page: a button that loads the next page, or why it could not be loaded. */
export const ListEnd = ({ list, noun }: ListEndProps) => {
  const loadMore = (): void => void list.loadMore();
  if (list.state.value === "failed")
    return (
      <Failure title={`The ${noun} could not be loaded`} message={list.failure.value}>
        <button type="button" class="button" onClick={loadMore}>
          Try again
        </button>
      </Failure>
    );
  if (!list.isReady.value || list.isComplete.value) return null;
  return (
    <button
      type="button"
      class="button list-more"
      disabled={list.state.value === "loading"}
      onClick={loadMore}
    >
      Show more {noun}
    </button>
  );
};
