import { marshall } from "@aws-sdk/util-dynamodb";
import type { Item } from "./item.ts";
import { writeTokenAttribute } from "./write-token.ts";

/** A conditional change of one item, with plain (not marshalled) names and values. */
export interface ItemUpdate {
  /** Attributes to set; undefined ones are removed. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Attributes that are copied from another attribute of the item. */
  readonly copy?: Readonly<Record<string, string>>;
  /** E.g. `#status IN (:submitted, :progressing) AND attempt = :attempt`. */
  readonly condition: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
  /** Appends an entry to a list, which keeps its first and its newest entries, `maxEntries` in total. */
  readonly append?: { readonly attribute: string; readonly entry: unknown; readonly maxEntries: number };
}
export interface ItemQuery {
  readonly index: string;
  readonly attribute: string;
  readonly value: string;
  readonly ascending: boolean;
  /** Only items after this `createdAtId`, in the query's direction. The index is ordered by it. */
  readonly afterCreatedAtId?: string | undefined;
  readonly limit?: number;
  /** `lastEvaluatedKey` of the previous page. */
  readonly exclusiveStartKey?: Item;
}

export const marshallOptions = { removeUndefinedValues: true, convertEmptyValues: false } as const;

/** The update expression of a change, which also sets the write token. */
export const buildUpdateExpression = (
  { set, copy = {}, condition, names, values, append }: ItemUpdate,
  token: string,
) => {
  const sets: string[] = ["#token = :token"];
  const removes: string[] = [];
  const attributeNames: Record<string, string> = { ...names, "#token": writeTokenAttribute };
  const attributeValues: Record<string, unknown> = { ...values, ":token": token };
  Object.entries(set).forEach(([name, value], index) => {
    attributeNames[`#s${index}`] = name;
    if (value === undefined) {
      removes.push(`#s${index}`);
      return;
    }
    attributeValues[`:s${index}`] = value;
    sets.push(`#s${index} = :s${index}`);
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
    UpdateExpression: `SET ${sets.join(", ")}${removes.length > 0 ? ` REMOVE ${removes.join(", ")}` : ""}`,
    ConditionExpression: condition,
    ExpressionAttributeNames: attributeNames,
    ExpressionAttributeValues: marshall(attributeValues, marshallOptions),
  };
};

/** The key condition of a query, its order and its page. */
export const buildQueryExpression = ({
  index,
  attribute,
  value,
  ascending,
  afterCreatedAtId,
  limit,
  exclusiveStartKey,
}: ItemQuery) => {
  const rangeCondition =
    afterCreatedAtId === undefined ? "" : ` AND createdAtId ${ascending ? ">" : "<"} :after`;
  return {
    IndexName: index,
    KeyConditionExpression: `#hash = :hash${rangeCondition}`,
    ExpressionAttributeNames: { "#hash": attribute },
    ExpressionAttributeValues: marshall({ ":hash": value, ":after": afterCreatedAtId }, marshallOptions),
    ScanIndexForward: ascending,
    Limit: limit,
    ExclusiveStartKey: exclusiveStartKey === undefined ? undefined : marshall(exclusiveStartKey),
  };
};
