import { Construct } from "constructs";
import type { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

/** API calls on the items of a table, and indexes to query. */
export interface TableAccess {
  /** Calls on items of the table itself. */
  readonly calls: readonly ("GetItem" | "BatchGetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query")[];
  /** Names of global secondary indexes that can be queried. @default none */
  readonly indexes?: readonly string[];
  /** Limits the calls to items whose key begins with this text. @default all items */
  readonly keyPrefix?: string;
}

/** Properties of `TableReference`. */
export interface TableReferenceProps {
  /** Name of a DynamoDB table of the stage's account and Region. */
  readonly name: string;
}

/** A table of this or another stack, referenced by name. Creates no resource. */
export class TableReference extends Construct {
  #arn: string;

  constructor(scope: Construct, id: string, { name }: TableReferenceProps) {
    super(scope, id);
    this.#arn = StageStack.of(this).arns.of("dynamodb", `table/${name}`);
  }

  /** Grants exactly these calls, and queries of these indexes. */
  grantReadWrite(role: ServiceRole, { calls, indexes = [], keyPrefix }: TableAccess): void {
    if (calls.length > 0)
      role.addPermission({
        actions: calls.map((call) => `dynamodb:${call}`),
        resources: [this.#arn],
        ...(keyPrefix === undefined
          ? {}
          : { condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [`${keyPrefix}*`] } } }),
      });
    if (indexes.length > 0)
      role.addPermission({
        actions: ["dynamodb:Query"],
        resources: indexes.map((index) => `${this.#arn}/index/${index}`),
      });
  }
}
