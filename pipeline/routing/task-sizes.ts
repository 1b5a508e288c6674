import type { TaskSize } from "../ports/task-runner.ts";
import type { RecipeName } from "../recipes/recipe.ts";
import { getRecipeName, type Route } from "./route.ts";

/** The size of every recipe's tasks; of jobs of the transcoder's API that of `transcode`. */
export type TaskSizes = Readonly<Record<RecipeName, TaskSize>>;

/** The size of a task that EventBridge starts on a route by itself: cpu and memory of its rule's overrides. */
export const getRouteTaskSize = (sizes: TaskSizes, route: Route): TaskSize => sizes[getRecipeName(route)];

/**
 * The largest of all sizes: what the worker's task definition names, for who starts a task without a size. Every task
 * that Reelway starts has its own.
 */
export const findLargestTaskSize = (sizes: TaskSizes): TaskSize =>
  Object.values(sizes).reduce((largest, size) =>
    size.cpu > largest.cpu || (size.cpu === largest.cpu && size.memory > largest.memory) ? size : largest,
  );
