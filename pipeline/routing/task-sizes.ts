import type { TaskSize } from "../ports/task-runner.ts";
import type { RecipeName } from "../recipes/recipe.ts";
import { getRecipeName, type Route } from "./route.ts";

/** Task size by recipe. Jobs of the transcoder API use `transcode`. */
export type TaskSizes = Readonly<Record<RecipeName, TaskSize>>;

/** Size of a task that EventBridge starts directly: cpu and memory in the overrides of its rule. */
export const getRouteTaskSize = (sizes: TaskSizes, route: Route): TaskSize => sizes[getRecipeName(route)];

/**
 * The largest task size, for the worker's task definition. It applies only to tasks that are started by hand: Reelway
 * overrides it for each task.
 */
export const findLargestTaskSize = (sizes: TaskSizes): TaskSize =>
  Object.values(sizes).reduce((largest, size) =>
    size.cpu > largest.cpu || (size.cpu === largest.cpu && size.memory > largest.memory) ? size : largest,
  );
