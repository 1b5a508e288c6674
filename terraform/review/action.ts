import type { ResourceChange } from "./plan-document.ts";

/** What a plan does to a resource. Importing and moving come on top, also of `none`. */
export type Action = "create" | "read" | "update" | "replace" | "delete" | "forget" | "none";

/** What is counted. */
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
export type ActionCounts = Readonly<Record<(typeof countedActions)[number], number>>;

/** The action, and for a replacement what becomes of the old object. */
export const classifyAction = (actions: readonly string[]): Action => {
  if (actions.includes("create") && actions.length > 1) return "replace";
  // "There may be new combinations; whoever scans for delete recognises all of them" (jsonplan.Change).
  if (actions.includes("delete")) return "delete";
  const [only] = actions;
  return only === "create" || only === "read" || only === "update" || only === "forget" ? only : "none";
};

/** In which order a replacement goes. */
export const describeReplacementOrder = (actions: readonly string[]): string | undefined => {
  if (classifyAction(actions) !== "replace") return undefined;
  if (actions.includes("forget")) return "a new one is made, the old one is left behind unmanaged";
  return actions[0] === "delete" ? "deleted, then made anew" : "made anew, then the old one is deleted";
};

const reasonTexts: Readonly<Record<string, string>> = {
  replace_because_cannot_update: "it cannot be changed in place",
  replace_because_tainted: "it is marked as tainted: its creation failed half-way, or somebody tainted it",
  replace_by_request: "asked for by -replace",
  replace_by_triggers: "something in its replace_triggered_by changes",
  delete_because_no_resource_config: "the configuration no longer has it",
  delete_because_wrong_repetition: "its count or for_each was added, removed or changed in kind",
  delete_because_count_index: "its count became smaller",
  delete_because_each_key: "its for_each no longer has this key",
  delete_because_no_module: "the configuration no longer has its module",
  delete_because_no_move_target: "a moved block names a target that the configuration does not have",
  read_because_config_unknown: "its arguments are known after apply",
  read_because_dependency_pending: "it waits for a change",
  read_because_check_nested: "a check reads it",
};

/** `action_reason` in words; a reason of a later Terraform as it stands. */
export const describeReason = (reason: string | undefined): string | undefined =>
  reason === undefined
    ? undefined
    : Object.hasOwn(reasonTexts, reason)
      ? reasonTexts[reason]
      : reason.replaceAll(/[^a-z_]/g, "").replaceAll("_", " ");

/** Counts what a plan does. */
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

/** The sum of several counts. */
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
