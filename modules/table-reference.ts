import { Construct } from "constructs";
import type { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

/** The API calls a role makes on a table, and the indexes it queries. */
export interface TableAccess {
  readonly calls: readonly ("GetItem" | "PutItem" | "UpdateItem" | "DeleteItem")[];
  /** @default none */
  readonly indexes?: readonly string[];
}

/** A table of this stack or another, known by its name. Creates no resource. */
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
