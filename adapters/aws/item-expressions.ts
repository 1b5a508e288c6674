import { marshall } from "@aws-sdk/util-dynamodb";
import type { Item } from "./item.ts";
import { writeTokenAttribute } from "./write-token.ts";

/** A conditional change of one item, with plain (not marshalled) names and values. */
export interface ItemUpdate {
  /** Attributes to set; undefined ones are removed. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Attributes to set unless the item has them. */
  readonly setIfAbsent?: Readonly<Record<string, unknown>>;
  /** Numbers to add to attributes, from 0 if the item does not have them. */
  readonly add?: Readonly<Record<string, number>>;
  /** Attributes that are copied from another attribute of the item. */
  readonly copy?: Readonly<Record<string, string>>;
  /** E.g. `#status IN (:submitted, :progressing) AND attempt = :attempt`. Absent: the item is created if it is missing. */
  readonly condition?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
  /** Appends an entry to a list, which keeps its first and its newest entries, `maxEntries` in total. */
  readonly append?: { readonly attribute: string; readonly entry: unknown; readonly maxEntries: number };
}
export interface ItemQuery {
  /** Absent: the table itself, with consistent reads. */
  readonly index?: string;
  readonly attribute: string;
  readonly value: string;
  readonly ascending: boolean;
  /** Only items after this `createdAtId`, in the query's direction. The index is ordered by it. */
  readonly afterCreatedAtId?: string | undefined;
  /** Only items of a part of another range key: after a value in the query's direction, or between two, both included. */
  readonly range?: { readonly attribute: string } & (
    | { readonly after: string | undefined }
    | { readonly from: string; readonly to: string }
  );
  readonly limit?: number;
  /** `lastEvaluatedKey` of the previous page. */
  readonly exclusiveStartKey?: Item;
}

export const marshallOptions = { removeUndefinedValues: true, convertEmptyValues: false } as const;

/** The projection expression of a read that returns some attributes. */
export const buildProjection = (attributes: readonly string[]) => ({
  ProjectionExpression: attributes.map((_, index) => `#p${index}`).join(", "),
  ExpressionAttributeNames: Object.fromEntries(attributes.map((name, index) => [`#p${index}`, name])),
});

/** The update expression of a change, which also sets the write token. */
export const buildUpdateExpression = (
  { set, setIfAbsent = {}, add = {}, copy = {}, condition, names, values, append }: ItemUpdate,
  token: string,
) => {
  const sets: string[] = ["#writeToken = :writeToken"];
  const removes: string[] = [];
  const adds: string[] = [];
  const attributeNames: Record<string, string> = { ...names, "#writeToken": writeTokenAttribute };
  const attributeValues: Record<string, unknown> = { ...values, ":writeToken": token };
  Object.entries(set).forEach(([name, value], index) => {
    attributeNames[`#s${index}`] = name;
    if (value === undefined) {
      removes.push(`#s${index}`);
      return;
    }
    attributeValues[`:s${index}`] = value;
    sets.push(`#s${index} = :s${index}`);
  });
  Object.entries(setIfAbsent).forEach(([name, value], index) => {
    attributeNames[`#i${index}`] = name;
    attributeValues[`:i${index}`] = value;
    sets.push(`#i${index} = if_not_exists(#i${index}, :i${index})`);
  });
  Object.entries(add).forEach(([name, value], index) => {
    attributeNames[`#a${index}`] = name;
    attributeValues[`:a${index}`] = value;
    adds.push(`#a${index} :a${index}`);
  });
  Object.entries(copy).forEach(([name, source], index) => {
    attributeNames[`#c${index}`] = name;
    attributeNames[`#f${index}`] = source;
    sets.push(`#c${index} = #f${index}`);
  });
  if (append !== undefined) {
    attributeNames["#append"] = append.attribute;
    attributeValues[":append"] = [append.entry];
    sets.push("#append = list_append(#append, :append)");
  }
  return {
    UpdateExpression: [
      `SET ${sets.join(", ")}`,
      ...(removes.length > 0 ? [`REMOVE ${removes.join(", ")}`] : []),
      ...(adds.length > 0 ? [`ADD ${adds.join(", ")}`] : []),
    ].join(" "),
    ConditionExpression: condition,
    ExpressionAttributeNames: attributeNames,
    ExpressionAttributeValues: marshall(attributeValues, marshallOptions),
  };
};

/** The condition of a query on the range key. */
const buildRangeCondition = (
  range: NonNullable<ItemQuery["range"]>,
  ascending: boolean,
): { readonly condition: string; readonly values: Readonly<Record<string, string>> } | undefined => {
  if (!("after" in range))
    return { condition: "#range BETWEEN :from AND :to", values: { ":from": range.from, ":to": range.to } };
  return range.after === undefined
    ? undefined
    : { condition: `#range ${ascending ? ">" : "<"} :after`, values: { ":after": range.after } };
};

/** The key condition of a query, its order and its page. */
export const buildQueryExpression = ({
  index,
  attribute,
  value,
  ascending,
  afterCreatedAtId,
  range = { attribute: "createdAtId", after: afterCreatedAtId },
  limit,
  exclusiveStartKey,
}: ItemQuery) => {
  const rangeCondition = buildRangeCondition(range, ascending);
  return {
    IndexName: index,
    ConsistentRead: index === undefined ? true : undefined,
    KeyConditionExpression: ["#hash = :hash", ...(rangeCondition ? [rangeCondition.condition] : [])].join(
      " AND ",
    ),
    ExpressionAttributeNames: {
      "#hash": attribute,
      ...(rangeCondition === undefined ? {} : { "#range": range.attribute }),
    },
    ExpressionAttributeValues: marshall({ ":hash": value, ...rangeCondition?.values }),
    ScanIndexForward: ascending,
    Limit: limit,
    ExclusiveStartKey: exclusiveStartKey === undefined ? undefined : marshall(exclusiveStartKey),
  };
};
