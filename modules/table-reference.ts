import { Construct } from "constructs";
import type { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

/** API calls on the items of a table, and indexes to query. */
export interface TableAccess {
  readonly calls: readonly ("GetItem" | "PutItem" | "UpdateItem" | "DeleteItem")[];
  /** @default none */
  readonly indexes?: readonly string[];
}

/** A table of this or another stack, referenced by name. Creates no resource. */
export class TableReference extends Construct {
  #arn: string;

  constructor(scope: Construct, id: string, { name }: { readonly name: string }) {
    super(scope, id);
    this.#arn = StageStack.of(this).arns.of("dynamodb", `table/${name}`);
  }

  grantReadWrite(role: ServiceRole, { calls, indexes = [] }: TableAccess): void {
    role.addPermission({ actions: calls.map((call) => `dynamodb:${call}`), resources: [this.#arn] });
    if (indexes.length > 0)
      role.addPermission({
        actions: ["dynamodb:Query"],
        resources: indexes.map((index) => `${this.#arn}/index/${index}`),
      });
  }
}
