import { expect } from "chai";
import { countWriteUnits, measureItem } from "../../bench/request-units.ts";
import { benchWriteUnits } from "../../bench/write-units.ts";
import type { TableDefinition } from "../../pipeline/ports/tables.ts";
import { taskHourUnits } from "../docs/costs-page.ts";

const index = { name: "status-created", hashKey: "status", rangeKey: "createdAt" } as const;
const table: TableDefinition = { hashKey: "id", ttlAttribute: "expiresAt", indexes: [index] };
const keysOnly: TableDefinition = { ...table, indexes: [{ ...index, projection: "KEYS_ONLY" }] };
const buildItem = (status: string, textBytes: number) => ({
  id: { S: "a" },
  status: { S: status },
  createdAt: { S: "1" },
  text: { S: "x".repeat(textBytes) },
});

describe("the request units of a write", () => {
  it("are counted from the names and values of attributes", () => {
    expect(measureItem({ id: { S: "ü" }, n: { N: "12345" } })).to.equal(2 + 2 + 1 + 4);
    expect(measureItem({ m: { M: { a: { BOOL: true } } }, l: { L: [{ NULL: true }] } })).to.equal(
      1 + (3 + 1 + 1 + 1) + 1 + (3 + 1 + 1),
    );
  });

  it("are those of the larger version, and of each index whose entry changes", () => {
    const [small, large] = [buildItem("Submitted", 100), buildItem("Submitted", 3000)];
    expect(countWriteUnits(table, undefined, small), "a new item").to.equal(1 + 1);
    expect(countWriteUnits(table, large, small), "the larger version").to.equal(3 + 3);
    expect(countWriteUnits(keysOnly, large, small), "no key changes").to.equal(3);
    const moved = buildItem("Complete", 3000);
    expect(countWriteUnits(table, large, moved), "an entry is removed, another written").to.equal(3 + 3 + 3);
    expect(countWriteUnits(keysOnly, large, moved)).to.equal(3 + 1 + 1);
    const { status: _, ...withoutStatus } = large;
    expect(countWriteUnits(keysOnly, large, withoutStatus), "an entry is removed").to.equal(3 + 1);
  });

  it("of a task-hour are those of docs/costs.md", async function () {
    this.timeout(60_000);
    const results = await benchWriteUnits();
    expect(results.filter(({ unit }) => unit === "units").map(({ value }) => value)).to.deep.equal(
      taskHourUnits.flatMap(({ now }) => [now.written, now.read]),
    );
  });
});
