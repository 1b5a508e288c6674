import type { ResourceChange } from "./plan-document.ts";

/** The action of a plan on a resource. An import or a move can be combined with any action, even `none`. */
export type Action = "create" | "read" | "update" | "replace" | "delete" | "forget" | "none";

/** Actions in `ActionCounts`. */
export const countedActions = [
  "create",
  "update",
  "replace",
  "delete",
  "import",
  "move",
  "forget",
  "read",
] as const;
/** Numbers of resources per action. */
export type ActionCounts = Readonly<Record<(typeof countedActions)[number], number>>;

/** Classifies Terraform's list of actions. */
export const classifyAction = (actions: readonly string[]): Action => {
  if (actions.includes("create") && actions.length > 1) return "replace";
  // New combinations are possible; each that destroys an object contains `delete` (jsonplan.Change).
  if (actions.includes("delete")) return "delete";
  const [only] = actions;
  return only === "create" || only === "read" || only === "update" || only === "forget" ? only : "none";
};

/** Describes the order of a replacement; undefined for other actions. */
export const describeReplacementOrder = (actions: readonly string[]): string | undefined => {
  if (classifyAction(actions) !== "replace") return undefined;
  if (actions.includes("forget")) return "a new one is created, the old one is kept but no longer managed";
  return actions[0] === "delete"
    ? "deleted first, then created"
    : "created first, then the old one is deleted";
};

const reasonTexts: Readonly<Record<string, string>> = {
  replace_because_cannot_update: "it cannot be changed in place",
  replace_because_tainted: "it is tainted: its creation failed, or it was marked with terraform taint",
  replace_by_request: "requested with -replace",
  replace_by_triggers: "a resource in its replace_triggered_by changes",
  delete_because_no_resource_config: "it was removed from the configuration",
  delete_because_wrong_repetition: "its count or for_each was added or removed",
  delete_because_count_index: "its count was reduced",
  delete_because_each_key: "its key was removed from for_each",
  delete_because_no_module: "its module was removed from the configuration",
  delete_because_no_move_target: "the target of its moved block does not exist",
  read_because_config_unknown: "its arguments are known after apply",
  read_because_dependency_pending: "it depends on a pending change",
  read_because_check_nested: "a check reads it",
};

/** Describes an `action_reason`; unknown reasons are shown as words. */
export const describeReason = (reason: string | undefined): string | undefined =>
  reason === undefined
    ? undefined
    : Object.hasOwn(reasonTexts, reason)
      ? reasonTexts[reason]
      : reason.replaceAll(/[^a-z_]/g, "").replaceAll("_", " ");

/** Counts the actions of a plan. */
export const countActions = (changes: readonly ResourceChange[]): ActionCounts => {
  const counts = Object.fromEntries(countedActions.map((action) => [action, 0]));
  const count = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  for (const { change, previous_address: previous } of changes) {
    const action = classifyAction(change.actions);
    if (action !== "none") count(action);
    if (change.importing) count("import");
    if (previous !== undefined) count("move");
  }
  return sumCounts([counts]);
};

/** Adds up several counts. */
export const sumCounts = (all: readonly Readonly<Record<string, number>>[]): ActionCounts => {
  const sumAction = (action: (typeof countedActions)[number]): number =>
    all.reduce((sum, counts) => sum + (counts[action] ?? 0), 0);
  return {
    create: sumAction("create"),
    update: sumAction("update"),
    replace: sumAction("replace"),
    delete: sumAction("delete"),
    import: sumAction("import"),
    move: sumAction("move"),
    forget: sumAction("forget"),
    read: sumAction("read"),
  };
};
