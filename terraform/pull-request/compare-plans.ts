import type { AttributeChange, NormalisedChange } from "./normalised-changes.ts";

/** Names the action of a change: `replace` for both orders of delete and create. */
export const renderAction = ({ actions, previousAddress, importing }: NormalisedChange): string => {
  const actionNames = [
    ...(actions.length > 1 && actions.includes("delete") ? ["replace"] : actions).filter(
      (action) => action !== "no-op",
    ),
    ...(importing === undefined ? [] : [`import of ${importing || "an id known at apply"}`]),
    ...(previousAddress === undefined ? [] : [`move from ${previousAddress}`]),
  ];
  return actionNames.join(" and ") || "nothing";
};

/** Maximum number of characters shown of a value. */
const maxValueLength = 80;

/** Truncates two values around their first difference. */
const truncateValues = (one: string, other: string): readonly [string, string] => {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const from = Math.max(0, at - 20);
  const truncate = (text: string) => {
    const part = text.slice(from, from + maxValueLength);
    return `${from > 0 ? "…" : ""}${part}${from + maxValueLength < text.length ? "…" : ""}`;
  };
  return one.length <= maxValueLength && other.length <= maxValueLength
    ? [one, other]
    : [truncate(one), truncate(other)];
};

const renderSide = (attribute: AttributeChange | undefined): string =>
  attribute === undefined
    ? "unchanged"
    : `${attribute.before ?? "nothing"} → ${attribute.after ?? "nothing"}`;

const compareAttributes = (reviewed: NormalisedChange, now: NormalisedChange): string[] => {
  const [before, after] = [reviewed, now].map(
    ({ attributes }) => new Map(attributes.map((attribute) => [attribute.path, attribute])),
  );
  return [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].flatMap((path) => {
    const [was, is] = truncateValues(renderSide(before?.get(path)), renderSide(after?.get(path)));
    return was === is ? [] : [`${now.address}: ${path || "value"}: reviewed ${was}; now ${is}`];
  });
};

/**
 * Lists the differences between a plan and the reviewed one, one line each: address and action, or the attribute if the
 * action is the same.
 *
 * @param reviewed undefined if only the hash is known
 */
export const comparePlans = (
  reviewed: readonly NormalisedChange[] | undefined,
  now: readonly NormalisedChange[],
): readonly string[] => {
  if (reviewed === undefined) return now.map((change) => `${change.address}: now ${renderAction(change)}`);
  const [before, after] = [reviewed, now].map(
    (changes) => new Map(changes.map((change) => [change.address, change])),
  );
  return [...new Set([...reviewed, ...now].map(({ address }) => address))].sort().flatMap((address) => {
    const [was, is] = [before?.get(address), after?.get(address)];
    const [action, actionNow] = [was, is].map((change) => (change ? renderAction(change) : "nothing"));
    if (was === undefined || is === undefined || action !== actionNow)
      return [`${address}: reviewed ${action}; now ${actionNow}`];
    if (was.actions.join() !== is.actions.join())
      return [`${address}: reviewed ${was.actions.join(", then ")}; now ${is.actions.join(", then ")}`];
    const replacePaths = [was, is].map(({ replacePaths = [] }) => replacePaths.join(", ") || "nothing");
    return [
      ...(replacePaths[0] === replacePaths[1]
        ? []
        : [`${address}: replacement forced by ${replacePaths[0]} when reviewed; now by ${replacePaths[1]}`]),
      ...compareAttributes(was, is),
    ];
  });
};
