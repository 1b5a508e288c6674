import { expect } from "chai";
import { findCardRange, getCardPosition, getGridHeight, planGrid } from "../../web/library/grid-layout.ts";
import { insertItems, mergeFirstPage } from "../../web/library/merge-page.ts";
import { keepListed, selectTo, toggle } from "../../web/library/selection.ts";

const item = (id: string, minute: number, status = "Complete") => ({
  id,
  status,
  createdAt: `2026-11-29T10:${String(minute).padStart(2, "0")}:00Z`,
});
const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).join("");

describe("the merge of a list with its first page", () => {
  const loadedItems = [item("d", 4), item("c", 3), item("b", 2), item("a", 1)];

  it("returns the same objects for items that are unchanged, and the new ones apart", () => {
    const page = { items: [item("e", 5), item("d", 4), item("c", 3, "Error")], cursor: "next" };
    const { currentItems, newItems } = mergeFirstPage(loadedItems, page);
    expect(ids(currentItems)).to.equal("dcba");
    expect(currentItems[0]).to.equal(loadedItems[0]);
    expect(currentItems[1]).to.include({ id: "c", status: "Error" });
    expect(ids(newItems)).to.equal("e");
  });

  it("removes what the page no longer has, but nothing older than the page", () => {
    const merge = (items: typeof loadedItems, cursor: string | null) =>
      ids(mergeFirstPage(loadedItems, { items, cursor }).currentItems);
    expect(merge([item("d", 4), item("b", 2)], "next")).to.equal("dba");
    expect(merge([item("d", 4)], null)).to.equal("d");
    expect(merge([], "next")).to.equal("dcba");
  });

  it("inserts items at their place, once", () => {
    expect(ids(insertItems(loadedItems, [item("x", 2), item("c", 3), item("z", 9)]))).to.equal("zdcxba");
    expect(insertItems(loadedItems, [item("c", 3)])).to.equal(loadedItems);
  });
});

describe("the grid of the library", () => {
  it("has one column at 320 px, more on wide windows, and cards that fill the width", () => {
    for (const [width, columns] of [
      [296, 1],
      [480, 2],
      [720, 2],
      [1216, 4],
    ] as const) {
      const layout = planGrid(width, 16);
      expect(layout.columns, `${width} px`).to.equal(columns);
      expect(layout.cardWidth * columns + layout.gap * (columns - 1)).to.be.closeTo(width, 0.01);
    }
  });

  it("renders only the rows in and around the window, whatever the number of cards", () => {
    const layout = planGrid(1216, 16);
    const height = getGridHeight(layout, 10_000);
    for (const top of [0, 5000, height / 2, height - 900]) {
      const { first, end } = findCardRange(layout, 10_000, { top, bottom: top + 900 });
      expect(end - first).to.be.within(1, 36);
      expect(getCardPosition(layout, first).top).to.be.at.most(top);
      expect(getCardPosition(layout, end - 1).top + layout.cardHeight).to.be.at.least(
        Math.min(top + 900, height) - 0.01,
      );
    }
    expect(findCardRange(layout, 3, { top: 90_000, bottom: 90_900 })).to.deep.equal({ first: 3, end: 3 });
    expect(getGridHeight(layout, 0)).to.equal(0);
  });
});

describe("the selection of the library", () => {
  const list = ["a", "b", "c", "d"];

  it("toggles one item, and extends to another in both directions", () => {
    const one = toggle(new Set(), "c");
    expect([...toggle(one, "c")]).to.deep.equal([]);
    expect([...selectTo(one, list, "c", "a")].sort()).to.deep.equal(["a", "b", "c"]);
    expect([...selectTo(one, list, "c", "d")].sort()).to.deep.equal(["c", "d"]);
    expect([...selectTo(new Set(), list, undefined, "b")]).to.deep.equal(["b"]);
    expect([...selectTo(new Set(), list, "gone", "b")]).to.deep.equal(["b"]);
  });

  it("loses the items that are deleted", () => {
    const selection = new Set(["a", "x"]);
    expect([...keepListed(selection, list)]).to.deep.equal(["a"]);
    expect(keepListed(new Set(["a"]), list).size).to.equal(1);
    const unchanged = new Set(["a"]);
    expect(keepListed(unchanged, list)).to.equal(unchanged);
  });
});
