import { expect } from "chai";
import type { components } from "../../web/api/schema.ts";
import { type ChannelSource, createChannelData } from "../../web/highlights/channel-data.ts";

type Highlights = components["schemas"]["Highlights"];
type Appearance = components["schemas"]["Appearance"];

const startMs = Date.UTC(2026, 10, 30, 12);
const buildAppearance = (number: number, changes: Partial<Appearance> = {}): Appearance => ({
  id: `appearance-${number}`,
  label: number % 2 === 0 ? "Cup" : "Person",
  status: "closed",
  start: new Date(startMs + number * 1000).toISOString(),
  end: new Date(startMs + number * 1000 + 500).toISOString(),
  inexactEdges: [],
  confidence: 90,
  imageUrl: null,
  clip: null,
  ...changes,
});
const channel: Highlights["channel"] = {
  name: "news",
  status: "watching",
  message: null,
  paused: false,
  lastSegmentAt: null,
  lastPolledAt: null,
  lagSeconds: null,
  archive: null,
  clipLabels: ["Person", "Cup"],
  celebrities: true,
  usage: {
    detectionsThisHour: 0,
    maxDetectionsPerHour: 100,
    usdThisHour: 0,
    usdToday: 0,
    maxUsdPerDay: 10,
  },
  current: [],
};

/** A server with a channel. It counts its responses; those of a cursor have the appearances that are older. */
const createServer = (pageSize = 2) => {
  const state = { channel, appearances: [buildAppearance(2), buildAppearance(1)], signature: "a" };
  const requests: string[] = [];
  let delay: Promise<void> | undefined;
  const selectPage = (label: string | undefined, cursor?: string) => {
    const all = state.appearances
      .filter((one) => label === undefined || one.label === label)
      .filter(({ id }) => cursor === undefined || id < cursor)
      .map((one) => ({ ...one, imageUrl: `https://example.com/${one.id}?${state.signature}` }));
    const appearances = all.slice(0, pageSize);
    return { appearances, cursor: all.length > pageSize ? (appearances.at(-1)?.id ?? null) : null };
  };
  const source: ChannelSource = {
    async readHighlights({ label, etag }) {
      const document: Highlights = {
        channel: state.channel,
        appearances: selectPage(label),
        labels: { labels: [], cursor: null },
        celebrities: { celebrities: [], cursor: null },
      };
      const newEtag = JSON.stringify(document);
      requests.push(etag === newEtag ? "unchanged" : "highlights");
      const ownDelay = delay;
      delay = undefined;
      await ownDelay;
      return { document: etag === newEtag ? undefined : document, etag: newEtag };
    },
    async readAppearances({ label, cursor }) {
      requests.push("appearances");
      return selectPage(label, cursor);
    },
  };
  return {
    state,
    requests,
    source,
    /** Delays the response to the next request. @returns sends it */
    delayResponse() {
      let send = (): void => undefined;
      delay = new Promise((resolve) => {
        send = resolve;
      });
      return send;
    },
  };
};

describe("the data of a channel", () => {
  it("is read by one request for all that is shown, which has no body while nothing changes", async () => {
    const server = createServer();
    const data = createChannelData(server.source);
    const list = data.findList(undefined);
    await list.loadMore();
    expect(data.channel.value).to.deep.equal(channel);
    expect(data.labels.value).to.deep.equal({ labels: [], cursor: null });
    expect(list.items.value.map(({ id }) => id)).to.deep.equal(["appearance-2", "appearance-1"]);
    await list.refresh(true);
    expect(server.requests).to.deep.equal(["highlights", "unchanged"]);
  });

  it("shows a pause although a request that began before it responds later", async () => {
    const server = createServer();
    const data = createChannelData(server.source);
    const list = data.findList(undefined);
    await list.loadMore();
    server.state.channel = { ...channel, lagSeconds: 3 };
    server.state.appearances = [buildAppearance(3), ...server.state.appearances];
    const send = server.delayResponse();
    const late = list.refresh(true);
    server.state.channel = { ...channel, paused: true };
    data.replaceChannel(server.state.channel);
    send();
    await late;
    expect(data.channel.value?.paused).to.equal(true);
    expect(list.items.value[0]?.id).to.equal("appearance-3");
    await list.refresh(true);
    expect(data.channel.value?.paused).to.equal(true);
    server.state.channel = channel;
    await list.refresh(true);
    expect(data.channel.value?.paused).to.equal(false);
  });

  it("is not taken for unchanged because another list has read something else in between", async () => {
    const server = createServer();
    const data = createChannelData(server.source);
    const [all, cups] = [data.findList(undefined), data.findList("Cup")];
    await all.loadMore();
    server.state.channel = { ...channel, paused: true };
    await cups.loadMore();
    expect(data.channel.value?.paused).to.equal(true);
    server.state.channel = channel;
    await all.refresh(true);
    expect(data.channel.value?.paused).to.equal(false);
  });

  it("counts changes that a viewer waits for, and not the time of the last poll", async () => {
    const server = createServer();
    const data = createChannelData(server.source);
    const list = data.findList(undefined);
    await list.loadMore();
    const first = data.revision.value;
    server.state.channel = { ...channel, lastPolledAt: new Date(startMs).toISOString(), lagSeconds: 4 };
    await list.refresh(true);
    expect(data.channel.value?.lagSeconds).to.equal(4);
    expect(data.revision.value).to.equal(first);
    server.state.appearances = [buildAppearance(3, { status: "open" }), ...server.state.appearances];
    await list.refresh(true);
    expect(data.revision.value).to.equal(first + 1);
    server.state.appearances = server.state.appearances.with(0, buildAppearance(3));
    await list.refresh(true);
    expect(data.revision.value).to.equal(first + 2);
  });

  it("keeps new clips back while the list is in use", async () => {
    const server = createServer();
    const list = createChannelData(server.source).findList(undefined);
    await list.loadMore();
    server.state.appearances = [
      buildAppearance(3),
      buildAppearance(2, { confidence: 99 }),
      buildAppearance(1),
    ];
    await list.refresh(false);
    expect(list.items.value.map(({ confidence }) => confidence)).to.deep.equal([99, 90]);
    expect(list.newItems.value.map(({ id }) => id)).to.deep.equal(["appearance-3"]);
    list.showNewItems();
    expect(list.items.value[0]?.id).to.equal("appearance-3");
  });

  it("requests the URLs of all loaded appearances again, once they are old", async () => {
    const server = createServer();
    let nowMs = startMs;
    server.state.appearances = [5, 4, 3, 2, 1].map((number) => buildAppearance(number));
    const list = createChannelData(server.source, () => nowMs).findList(undefined);
    while (!list.isComplete.value) await list.loadMore();
    server.state.signature = "b";
    nowMs += 7 * 3_600_000;
    await list.refresh(true);
    const getSignatures = () => list.items.value.map(({ imageUrl }) => imageUrl?.at(-1)).join("");
    expect(getSignatures()).to.equal("bbaaa");
    await list.renewBefore(startMs);
    expect(getSignatures()).to.equal("bbaaa");
    await list.renewBefore(nowMs - 6 * 3_600_000);
    expect(getSignatures()).to.equal("bbbbb");
    const { length } = server.requests;
    await list.renewBefore(nowMs - 6 * 3_600_000);
    expect(server.requests).to.have.length(length);
  });
});
