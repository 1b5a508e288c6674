import type { Construct } from "constructs";
import { DynamodbTable } from "#aws/dynamodb-table";
import type { TableDefinition } from "../pipeline/ports/tables.ts";
import { StageStack } from "./stack.ts";
import { TableReference } from "./table-reference.ts";

/** Properties of `RecordTable`. */
export interface RecordTableProps {
  /** A change REPLACES the table, which `prevent_destroy` refuses. */
  readonly name: string;
  /** Keys and indexes; a changed hash key or range key REPLACES the table. */
  readonly definition: TableDefinition;
}

/** An on-demand table with point-in-time recovery of 35 days. */
export class RecordTable extends TableReference {
  constructor(scope: Construct, id: string, { name, definition }: RecordTableProps) {
    super(scope, id, { name });
    const { isProtected, keyArn } = StageStack.of(this);
    const attributes = new Set([
      definition.hashKey,
      ...(definition.rangeKey === undefined ? [] : [definition.rangeKey]),
      ...definition.indexes.flatMap((index) => [index.hashKey, index.rangeKey]),
    ]);
    new DynamodbTable(this, "table", {
      name,
      hashKey: definition.hashKey,
      ...(definition.rangeKey === undefined ? {} : { rangeKey: definition.rangeKey }),
      billingMode: "PAY_PER_REQUEST",
      attribute: [...attributes].sort().map((attribute) => ({ name: attribute, type: "S" })),
      globalSecondaryIndex: definition.indexes.map(({ projection = "ALL", ...index }) => ({
        ...index,
        projectionType: projection,
      })),
      ttl: { attributeName: definition.ttlAttribute, enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
      deletionProtectionEnabled: isProtected,
      lifecycle: { preventDestroy: isProtected },
    });
  }
}
