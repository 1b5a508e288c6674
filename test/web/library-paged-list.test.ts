import { expect } from "chai";
import { createPagedList, type PageRequest } from "../../web/library/paged-list.ts";

const pageSize = 3;

/** A server whose list grows. A cursor is the number of the last item of a page. */
const createServer = (count: number) => {
  const createItem = (number: number) => ({
    id: `item-${number}`,
    number,
    createdAt: new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString(),
  });
  let items = Array.from({ length: count }, (_, index) => createItem(count - index));
  let delay: Promise<void> | undefined;
  return {
    add(addedCount: number) {
      const newest = items[0]?.number ?? 0;
      items = [
        ...Array.from({ length: addedCount }, (_, at) => createItem(newest + addedCount - at)),
        ...items,
      ];
    },
    /** Delays the response to the next request. @returns sends it */
    delayResponse() {
      let send = (): void => undefined;
      delay = new Promise((resolve) => {
        send = resolve;
      });
      return send;
    },
    async readPage({ cursor }: PageRequest) {
      const rest = cursor === undefined ? items : items.filter(({ number }) => number < Number(cursor));
      const page = rest.slice(0, pageSize);
      const next = rest.length > pageSize ? String(page.at(-1)?.number) : null;
      const ownDelay = delay;
      delay = undefined;
      await ownDelay;
      return { items: page, cursor: next, etag: undefined };
    },
  };
};
const createList = async (count: number) => {
  const server = createServer(count);
  const list = createPagedList(server.readPage);
  await list.loadMore();
  const getNumbers = () => list.items.value.map(({ number }) => number);
  const loadAll = async () => {
    while (!list.isComplete.value) await list.loadMore();
  };
  return { server, list, getNumbers, loadAll };
};
/** The numbers of a list that has all items, newest first. */
const countDown = (count: number) => Array.from({ length: count }, (_, index) => count - index);

describe("a list that is loaded page by page", () => {
  it("has all items after its refresh, if more of them are new than a page has", async () => {
    const { server, list, getNumbers, loadAll } = await createList(5);
    server.add(7);
    await list.refresh(true);
    expect(getNumbers().slice(0, 10)).to.deep.equal(countDown(12).slice(0, 10));
    await loadAll();
    expect(getNumbers()).to.deep.equal(countDown(12));
  });

  it("begins again if very many items are new, and loads all of them", async () => {
    const { server, list, getNumbers, loadAll } = await createList(5);
    server.add(40);
    await list.refresh(true);
    expect(getNumbers()).to.deep.equal(countDown(45).slice(0, getNumbers().length));
    await loadAll();
    expect(getNumbers()).to.deep.equal(countDown(45));
  });

  it("does not add the page that loads while the list begins again", async () => {
    const { server, list, getNumbers, loadAll } = await createList(9);
    server.add(40);
    const sendResponse = server.delayResponse();
    const lateLoad = list.loadMore();
    await list.refresh(true);
    sendResponse();
    await lateLoad;
    await loadAll();
    expect(getNumbers()).to.deep.equal(countDown(49));
  });

  it("loads more after it was empty", async () => {
    const { server, list, getNumbers, loadAll } = await createList(0);
    expect(list.isComplete.value).to.equal(true);
    server.add(8);
    await list.refresh(true);
    expect(getNumbers()).to.deep.equal([8, 7, 6]);
    await loadAll();
    expect(getNumbers()).to.deep.equal(countDown(8));
  });

  it("keeps new items apart while the user looks at others, and removes deleted ones from both", async () => {
    const { server, list, getNumbers } = await createList(3);
    server.add(2);
    await list.refresh(false);
    expect(getNumbers()).to.deep.equal([3, 2, 1]);
    list.remove(new Set(["item-5", "item-2"]));
    list.update("item-3", (item) => ({ ...item, number: 30 }));
    list.update("item-5", (item) => ({ ...item, number: 50 }));
    list.showNewItems();
    expect(getNumbers()).to.deep.equal([4, 30, 1]);
  });
});
