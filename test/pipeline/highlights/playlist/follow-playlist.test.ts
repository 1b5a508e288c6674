import { expect } from "chai";
import {
  type FollowedPlaylist,
  followPlaylist,
  followSilence,
} from "../../../../pipeline/highlights/playlist/follow-playlist.ts";
import { parsePlaylist } from "../../../../pipeline/highlights/playlist/parse-playlist.ts";
import type { MediaPlaylist } from "../../../../pipeline/highlights/playlist/playlist.ts";
import type { PlaylistPosition } from "../../../../pipeline/highlights/playlist/position.ts";

const now = Date.UTC(2024, 0, 1, 12);
const date = (ms: number): string => `#EXT-X-PROGRAM-DATE-TIME:${new Date(ms).toISOString()}`;

interface WindowOptions {
  /** Name of the segments before their number. */
  readonly name?: string;
  /** Lines before the tags of a segment, by media sequence number. */
  readonly tags?: Readonly<Record<number, readonly string[]>>;
  readonly header?: readonly string[];
  readonly isEnded?: boolean;
  readonly url?: string;
}
/** The playlist of segments of 2 s. */
const window = (first: number, last: number, options: WindowOptions = {}): MediaPlaylist => {
  const { name = "seg", tags = {}, header = [], isEnded = false } = options;
  const numbers = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  const text = [
    "#EXTM3U",
    "#EXT-X-TARGETDURATION:2",
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    ...header,
    ...numbers.flatMap((number) => [...(tags[number] ?? []), "#EXTINF:2,", `${name}${number}.ts`]),
    ...(isEnded ? ["#EXT-X-ENDLIST"] : []),
  ].join("\n");
  const playlist = parsePlaylist(text, options.url ?? "https://cdn.example.com/live/index.m3u8");
  if (playlist.kind !== "media") throw new Error("not a media playlist");
  return playlist;
};
/** Dates for the segments of a window, the first one at `ms`. */
const dated = (first: number, last: number, ms: number): WindowOptions["tags"] =>
  Object.fromEntries(
    Array.from({ length: last - first + 1 }, (_, index) => [first + index, [date(ms + index * 2000)]]),
  );

/** Follows playlists, each 2 s after the one before, through JSON as a database does. */
const createFollower = (options: Parameters<typeof followPlaylist>[3] = {}) => {
  let position: PlaylistPosition | undefined;
  let time = now - 2000;
  return {
    get position() {
      return position;
    },
    get time() {
      return time;
    },
    wait: (ms: number) => {
      time += ms;
    },
    follow: (playlist: MediaPlaylist, variant = options.variant): FollowedPlaylist => {
      time += 2000;
      const followed = followPlaylist(position, playlist, time, {
        ...options,
        ...(variant === undefined ? {} : { variant }),
      });
      position = JSON.parse(JSON.stringify(followed.position));
      expect(followed.position).to.deep.equal(position);
      return followed;
    },
  };
};
const numbers = ({ segments }: FollowedPlaylist): readonly number[] =>
  segments.map(({ mediaSequence }) => mediaSequence);
const types = ({ events }: FollowedPlaylist): readonly string[] => events.map(({ type }) => type);

describe("followPlaylist", () => {
  describe("at the start of a channel", () => {
    it("begins three target durations before the end, with times by arrival", () => {
      const followed = createFollower().follow(window(100, 120));
      expect(
        followed.segments.map(({ id, timeline, isTimelineStart, startTimeMs }) => [
          id,
          timeline,
          isTimelineStart,
          startTimeMs - now,
        ]),
      ).to.deep.equal([
        ["00000000-0000000000000118", 1, true, -6000],
        ["00000000-0000000000000119", 1, false, -4000],
        ["00000000-0000000000000120", 1, false, -2000],
      ]);
      expect(followed.events).to.deep.equal([]);
    });

    it("takes the whole playlist of a recording, and reports its end", () => {
      const follower = createFollower({ fromStart: true });
      const followed = follower.follow(window(0, 20, { isEnded: true }));
      expect(numbers(followed)).to.have.length(21);
      expect(followed.events).to.deep.equal([{ type: "ended" }]);
      const again = follower.follow(window(0, 20, { isEnded: true }));
      expect([numbers(again), again.events]).to.deep.equal([[], []]);
      follower.wait(600_000);
      expect(types(follower.follow(window(0, 20, { isEnded: true })))).to.deep.equal([]);
    });

    it("takes everything of a short playlist, and waits for the first segment of an empty one", () => {
      const follower = createFollower();
      expect(numbers(follower.follow(window(0, -1)))).to.deep.equal([]);
      expect(numbers(follower.follow(window(0, 1)))).to.deep.equal([0, 1]);
    });

    it("uses program date-time, extrapolated if need be", () => {
      const { segments } = createFollower().follow(window(0, 9, { tags: { 2: [date(now - 3_600_000)] } }));
      expect(segments[0]?.startTimeMs).to.equal(now - 3_600_000 + 5 * 2000);
    });
  });

  describe("of a sliding window", () => {
    it("returns each new segment once, in one timeline", () => {
      const follower = createFollower();
      follower.follow(window(0, 4));
      const first = follower.follow(window(1, 5));
      const second = follower.follow(window(1, 5));
      const third = follower.follow(window(4, 8));
      expect([first, second, third].map(numbers)).to.deep.equal([[5], [], [6, 7, 8]]);
      expect(
        third.segments.map(({ timeline, isTimelineStart }) => [timeline, isTimelineStart]),
      ).to.deep.equal(Array(3).fill([1, false]));
      expect(third.segments.map(({ startTimeMs }) => startTimeMs - now)).to.deep.equal([2000, 4000, 6000]);
    });

    it("reports missing segments and begins a timeline at the time of arrival", () => {
      const follower = createFollower();
      follower.follow(window(0, 4));
      follower.wait(28_000);
      const followed = follower.follow(window(17, 19));
      expect(followed.events).to.deep.equal([{ type: "missing", count: 12 }]);
      expect(
        followed.segments.map(({ id, timeline, startTimeMs }) => [id, timeline, startTimeMs - now]),
      ).to.deep.equal([
        ["00000000-0000000000000017", 2, 24_000],
        ["00000000-0000000000000018", 2, 26_000],
        ["00000000-0000000000000019", 2, 28_000],
      ]);
    });

    it("gives with each segment the position from which the next one follows", () => {
      const follower = createFollower();
      follower.follow(window(0, 4));
      const playlist = window(3, 8, { tags: { 6: ["#EXT-X-DISCONTINUITY"] } });
      const whole = follower.follow(playlist);
      for (const [index, { position }] of whole.segments.entries()) {
        const rest = followPlaylist(position, playlist, follower.time);
        expect(rest.segments).to.deep.equal(whole.segments.slice(index + 1));
      }
    });

    it("needs no more than 4 KB for a position", () => {
      const follower = createFollower({
        fromStart: true,
        variant: "1920x1080 5000000 avc1.640028,mp4a.40.2",
      });
      follower.follow(window(1_000_000, 1_000_200, { tags: dated(1_000_000, 1_000_200, now) }));
      follower.follow(window(0, 100, { tags: dated(0, 100, now + 500_000) }));
      expect(follower.position?.previousHistory).not.to.equal(undefined);
      expect(JSON.stringify(follower.position).length).to.be.below(4096);
    });
  });

  describe("of a playlist that does not change", () => {
    it("reports a stall once, and its end", () => {
      const follower = createFollower();
      follower.follow(window(0, 4));
      const events = Array.from({ length: 8 }, () => follower.follow(window(0, 4)).events);
      expect(events).to.deep.equal([[], [], [], [], [], [{ type: "stalled", sinceMs: now }], [], []]);
      expect(follower.follow(window(1, 5)).events).to.deep.equal([{ type: "resumed", stalledMs: 18_000 }]);
      expect(follower.follow(window(2, 6)).events).to.deep.equal([]);
    });

    it("stops after a minute, and goes on at the time of arrival", () => {
      const follower = createFollower();
      follower.follow(window(0, 4));
      const unchanged = Array.from({ length: 40 }, () => follower.follow(window(0, 4)));
      expect(unchanged.flatMap(({ events }) => events)).to.deep.equal([
        { type: "stalled", sinceMs: now },
        { type: "stopped", sinceMs: now },
      ]);
      expect(follower.position?.isStopped).to.equal(true);
      follower.wait(600_000);
      const { segments } = follower.follow(window(1, 5));
      expect(
        segments.map(({ timeline, isInterrupted, startTimeMs }) => [
          timeline,
          isInterrupted,
          follower.time - startTimeMs,
        ]),
      ).to.deep.equal([[2, true, 2000]]);
      expect(follower.position?.isStopped).to.equal(false);
    });

    it("goes on without a gap if all segments come after a stop, or the clock says so", () => {
      const follower = createFollower();
      follower.follow(window(0, 4));
      for (let poll = 0; poll < 39; poll += 1) follower.follow(window(0, 4));
      const delayed = follower.follow(window(5, 44));
      const dates = createFollower();
      dates.follow(window(0, 4, { tags: dated(0, 4, now) }));
      for (let poll = 0; poll < 40; poll += 1) dates.follow(window(0, 4, { tags: dated(0, 4, now) }));
      const paused = dates.follow(window(1, 5, { tags: dated(1, 5, now + 2000) }));
      for (const { segments } of [delayed, paused])
        expect(segments.some(({ isInterrupted, timeline }) => isInterrupted || timeline !== 1)).to.equal(
          false,
        );
      expect(delayed.segments).to.have.length(40);
    });

    it("stops if it cannot be read for a minute", () => {
      const follower = createFollower();
      const { position } = follower.follow(window(0, 4));
      expect(followSilence(position, now + 60_000).position.isStopped).to.equal(false);
      const stopped = followSilence(position, now + 60_001).position;
      expect(stopped.isStopped).to.equal(true);
      expect(followSilence({ ...position, isEnded: true }, now + 60_001).events).to.deep.equal([]);
      const [segment] = followPlaylist(stopped, window(1, 5), now + 600_000).segments;
      expect([segment?.isInterrupted, segment?.startTimeMs]).to.deep.equal([true, now + 598_000]);
    });

    it("ends after the last segment, and goes on if the server does", () => {
      const follower = createFollower();
      follower.follow(window(0, 4));
      expect(types(follower.follow(window(0, 4, { isEnded: true })))).to.deep.equal(["ended"]);
      expect(types(follower.follow(window(0, 4)))).to.deep.equal([]);
      const followed = follower.follow(window(1, 5, { isEnded: true }));
      expect([numbers(followed), types(followed)]).to.deep.equal([[5], ["ended"]]);
    });
  });

  describe("of an outdated cache", () => {
    it("has nothing new in an older or a shorter window", () => {
      const follower = createFollower();
      for (let first = 0; first < 40; first += 1) follower.follow(window(first, first + 4));
      const older = [window(30, 34), window(36, 40), window(0, 4), window(39, 41), window(41, 42)];
      for (const playlist of older) {
        const followed = follower.follow(playlist);
        expect([numbers(followed), types(followed)]).to.deep.equal([[], []]);
      }
      const followed = follower.follow(window(40, 44));
      expect([numbers(followed), followed.segments[0]?.timeline]).to.deep.equal([[44], 1]);
    });

    it("has nothing new from the run before a restart", () => {
      const follower = createFollower();
      follower.follow(window(100, 104, { name: "a" }));
      expect(types(follower.follow(window(0, 0, { name: "b", tags: { 0: [date(now)] } })))).to.deep.equal([]);
      expect(types(follower.follow(window(0, 1, { name: "b", isEnded: true })))).to.deep.equal([
        "restarted",
        "ended",
      ]);
      expect(numbers(follower.follow(window(101, 105, { name: "a" })))).to.deep.equal([]);
      expect(numbers(follower.follow(window(0, 2, { name: "b" })))).to.deep.equal([2]);
    });

    it("returns to the run before if that goes on and the new one does not", () => {
      const follower = createFollower();
      follower.follow(window(100, 104, { name: "a", tags: dated(100, 104, now - 10_000) }));
      follower.follow(window(0, 1, { name: "b", tags: dated(0, 1, now + 1300) }));
      const polls = Array.from({ length: 8 }, (_, index) =>
        follower.follow(
          window(102 + index, 107 + index, {
            name: "a",
            tags: dated(102 + index, 107 + index, now - 6000 + index * 2000),
          }),
        ),
      );
      expect(polls.map(numbers).slice(0, 5)).to.deep.equal([[], [], [], [], []]);
      const [returned] = polls.filter(({ segments }) => segments.length > 0);
      expect(returned && types(returned)).to.deep.equal(["restarted"]);
      expect(returned && numbers(returned).every((number) => number > 104)).to.equal(true);
      expect(returned?.segments[0]?.id).to.match(/^00000002-/);
    });
  });

  describe("of a server that restarts", () => {
    it("begins a run if the same numbers have other names below the position", () => {
      const follower = createFollower();
      for (let first = 0; first < 10; first += 1) follower.follow(window(first, first + 4, { name: "a" }));
      const followed = follower.follow(window(0, 1, { name: "b" }));
      expect(followed.events).to.deep.equal([{ type: "restarted", run: 1 }]);
      expect(followed.segments.map(({ id, timeline }) => [id, timeline])).to.deep.equal([
        ["00000001-0000000000000000", 2],
        ["00000001-0000000000000001", 2],
      ]);
      expect(numbers(follower.follow(window(0, 2, { name: "b" })))).to.deep.equal([2]);
    });

    it("begins a run if other names land within the old range", () => {
      const follower = createFollower();
      for (let first = 0; first < 10; first += 1) follower.follow(window(first, first + 4, { name: "a" }));
      const followed = follower.follow(window(11, 14, { name: "b" }));
      expect(types(followed)).to.deep.equal(["restarted"]);
      expect(numbers(followed)).to.deep.equal([11, 12, 13, 14]);
    });

    it("begins a run if the same names have other times", () => {
      const follower = createFollower();
      follower.follow(window(0, 4, { tags: dated(0, 4, now - 10_000) }));
      follower.wait(30_000);
      const followed = follower.follow(window(0, 1, { tags: dated(0, 1, now + 28_000) }));
      expect([types(followed), numbers(followed)]).to.deep.equal([["restarted"], [0, 1]]);
    });

    it("begins a run if known names have a discontinuity they did not have", () => {
      const follower = createFollower();
      follower.follow(window(0, 4));
      const followed = follower.follow(window(0, 2, { tags: { 0: [], 2: ["#EXT-X-DISCONTINUITY"] } }));
      // Others of the window are the same.
      expect(types(followed)).to.deep.equal([]);
      expect(types(follower.follow(window(2, 2, { tags: { 2: ["#EXT-X-DISCONTINUITY"] } })))).to.deep.equal([
        "restarted",
      ]);
    });

    it("begins a run far below the position at once with a later time, else once the window grows", () => {
      const follower = createFollower();
      follower.follow(window(5000, 5004));
      expect(numbers(follower.follow(window(0, 0)))).to.deep.equal([]);
      expect(numbers(follower.follow(window(0, 0)))).to.deep.equal([]);
      const followed = follower.follow(window(0, 1));
      expect([types(followed), numbers(followed)]).to.deep.equal([["restarted"], [0, 1]]);

      const dates = createFollower();
      dates.follow(window(5000, 5004, { tags: dated(5000, 5004, now - 10_000) }));
      const restarted = dates.follow(window(0, 0, { tags: dated(0, 0, now + 5000) }));
      expect([types(restarted), numbers(restarted)]).to.deep.equal([["restarted"], [0]]);
    });

    it("begins a run once the window grows, also after an outdated answer of the run before", () => {
      const follower = createFollower();
      follower.follow(window(5000, 5004));
      expect(numbers(follower.follow(window(0, 0)))).to.deep.equal([]);
      expect(numbers(follower.follow(window(5000, 5003)))).to.deep.equal([]);
      expect(numbers(follower.follow(window(5000, 5004)))).to.deep.equal([]);
      const followed = follower.follow(window(0, 1));
      expect([types(followed), numbers(followed)]).to.deep.equal([["restarted"], [0, 1]]);

      const servers = createFollower();
      servers.follow(window(5000, 5004));
      servers.follow(window(0, 4));
      expect(numbers(servers.follow(window(5001, 5005)))).to.deep.equal([5005]);
      expect(numbers(servers.follow(window(1, 5)))).to.deep.equal([]);
    });

    it("begins a run among the numbers of missing segments once the window grows", () => {
      const follower = createFollower();
      follower.follow(window(0, 4));
      expect(types(follower.follow(window(20, 24)))).to.deep.equal(["missing"]);
      expect(numbers(follower.follow(window(10, 12)))).to.deep.equal([]);
      const followed = follower.follow(window(10, 13));
      expect([types(followed), numbers(followed).at(-1)]).to.deep.equal([["restarted"], 13]);
    });

    it("begins a run at a jump that no live channel can make, with what is new in a long window", () => {
      const follower = createFollower();
      follower.follow(window(0, 4));
      const followed = follower.follow(window(1_700_000_000, 1_700_000_099));
      expect(types(followed)).to.deep.equal(["restarted"]);
      expect(numbers(followed)).to.deep.equal([1_700_000_096, 1_700_000_097, 1_700_000_098, 1_700_000_099]);
    });

    it("keeps the run if another server has the same times under other names", () => {
      const follower = createFollower();
      follower.follow(window(0, 4, { name: "a", tags: dated(0, 4, now - 10_000) }));
      const followed = follower.follow(window(1, 5, { name: "b", tags: dated(1, 5, now - 7990) }));
      expect([types(followed), numbers(followed)]).to.deep.equal([[], [5]]);
    });

    it("recognizes segments by neither host nor query nor session", () => {
      const follower = createFollower();
      const at = (session: string) => ({
        url: `https://${session}.example.com/live/chunklist_w${session}.m3u8?token=${session}`,
        name: `media_w${session}_`,
      });
      follower.follow(window(0, 4, at("11111")));
      const followed = follower.follow(window(1, 5, at("22222")));
      expect([types(followed), numbers(followed)]).to.deep.equal([[], [5]]);
    });

    it("trusts numbers alone once names differ with each request", () => {
      const follower = createFollower();
      const polls = Array.from({ length: 8 }, (_, index) =>
        follower.follow(window(index, index + 4, { name: `r${index}x` })),
      );
      expect(polls.map(types)).to.deep.equal([[], ...Array(3).fill(["restarted"]), [], [], [], []]);
      expect(polls.slice(4).map(numbers)).to.deep.equal([[8], [9], [10], [11]]);
    });
  });

  describe("of timelines", () => {
    it("begins one at a discontinuity, in the window and at its start", () => {
      const follower = createFollower();
      follower.follow(window(0, 4));
      const inside = follower.follow(window(1, 6, { tags: { 6: ["#EXT-X-DISCONTINUITY"] } }));
      expect(inside.segments.map(({ timeline, startTimeMs }) => [timeline, startTimeMs - now])).to.deep.equal(
        [
          [1, 0],
          [2, 2000],
        ],
      );
      const atStart = follower.follow(window(7, 8, { tags: { 7: ["#EXT-X-DISCONTINUITY"] } }));
      expect(atStart.segments.map(({ timeline }) => timeline)).to.deep.equal([3, 3]);
    });

    it("does not begin one when a server forgets to count a discontinuity that left the window", () => {
      const follower = createFollower();
      follower.follow(window(0, 5, { tags: { 3: ["#EXT-X-DISCONTINUITY"] } }));
      const followed = follower.follow(window(4, 6));
      expect(followed.segments.map(({ timeline }) => timeline)).to.deep.equal([1]);
      expect(follower.follow(window(7, 7)).segments.map(({ timeline }) => timeline)).to.deep.equal([1]);
      const counted = window(8, 8, { header: ["#EXT-X-DISCONTINUITY-SEQUENCE:1"] });
      expect(follower.follow(counted).segments.map(({ timeline }) => timeline)).to.deep.equal([2]);
    });

    it("begins one after a gap, whose segments are skipped and whose time passes", () => {
      const follower = createFollower();
      follower.follow(window(0, 4));
      const gap = follower.follow(window(1, 6, { tags: { 5: ["#EXT-X-GAP"], 6: ["#EXT-X-GAP"] } }));
      expect([numbers(gap), gap.events]).to.deep.equal([[], [{ type: "gap", count: 2 }]]);
      const [segment] = follower.follow(
        window(2, 7, { tags: { 5: ["#EXT-X-GAP"], 6: ["#EXT-X-GAP"] } }),
      ).segments;
      expect([segment?.mediaSequence, segment?.timeline, (segment?.startTimeMs ?? 0) - now]).to.deep.equal([
        7, 2, 4000,
      ]);
    });

    it("tells of each segment whether frames are missing before it", () => {
      const interruptions = ({ segments }: FollowedPlaylist) =>
        segments.map(({ mediaSequence, isInterrupted }) => [mediaSequence, isInterrupted]);
      const gap = { 6: ["#EXT-X-GAP"] };
      const follower = createFollower();
      expect(interruptions(follower.follow(window(0, 2)))).to.deep.equal([
        [0, true],
        [1, false],
        [2, false],
      ]);
      const discontinuity = follower.follow(window(1, 3, { tags: { 3: ["#EXT-X-DISCONTINUITY"] } }));
      expect(interruptions(discontinuity)).to.deep.equal([[3, false]]);
      // The gap is the end of one window, and before the first new segment of the next.
      expect(interruptions(follower.follow(window(4, 6, { tags: gap })))).to.deep.equal([
        [4, false],
        [5, false],
      ]);
      expect(interruptions(follower.follow(window(5, 8, { tags: gap })))).to.deep.equal([
        [7, true],
        [8, false],
      ]);
      expect(interruptions(follower.follow(window(11, 12)))).to.deep.equal([
        [11, true],
        [12, false],
      ]);
      const dates = createFollower();
      dates.follow(window(0, 1, { tags: { 0: [date(now)] } }));
      expect(
        interruptions(dates.follow(window(0, 3, { tags: { 0: [date(now)], 3: [date(now + 60_000)] } }))),
      ).to.deep.equal([
        [2, false],
        [3, true],
      ]);
    });

    it("begins one with another initialization section", () => {
      const follower = createFollower();
      const map = (name: string) => [`#EXT-X-MAP:URI="${name}.mp4"`];
      follower.follow(window(0, 4, { header: map("a") }));
      const timelines = [
        window(1, 5, { header: map("a") }),
        window(2, 6, { header: map("a"), tags: { 6: map("b") } }),
        window(6, 7, { header: map("b") }),
      ].map((playlist) => follower.follow(playlist).segments.map(({ timeline }) => timeline));
      expect(timelines).to.deep.equal([[1], [2], [2]]);
    });

    it("corrects drift at each program date-time, in both directions", () => {
      const follower = createFollower();
      follower.follow(window(0, 4, { tags: { 0: [date(now)] } }));
      const { segments } = follower.follow(
        window(3, 8, { tags: { 3: [date(now + 6000)], 5: [date(now + 10_250)], 7: [date(now + 14_100)] } }),
      );
      expect(segments.map(({ startTimeMs, timeline }) => [startTimeMs - now, timeline])).to.deep.equal([
        [10_250, 1],
        [12_250, 1],
        [14_100, 1],
        [16_100, 1],
      ]);
    });

    it("begins one where program date-time jumps, also backwards and by hours", () => {
      const follower = createFollower();
      follower.follow(window(0, 4, { tags: { 0: [date(now)] } }));
      const followed = follower.follow(
        window(3, 8, {
          tags: { 3: [date(now + 6000)], 6: [date(now - 7_200_000)], 8: [date(now + 16_000)] },
        }),
      );
      expect(
        followed.segments.map(({ startTimeMs, timeline }) => [startTimeMs - now, timeline]),
      ).to.deep.equal([
        [10_000, 1],
        [-7_200_000, 2],
        [-7_198_000, 2],
        [16_000, 3],
      ]);
      expect(followed.events).to.deep.equal([
        { type: "clock-jumped", jumpMs: -7_212_000 },
        { type: "clock-jumped", jumpMs: 7_212_000 },
      ]);
      const ids = followed.segments.map(({ id }) => id);
      expect(ids).to.deep.equal(ids.toSorted());
    });
  });

  describe("of another variant", () => {
    it("goes on by time", () => {
      const follower = createFollower();
      follower.follow(window(100, 104, { name: "a", tags: dated(100, 104, now - 10_000) }), "high");
      const followed = follower.follow(window(7, 12, { name: "b", tags: dated(7, 12, now - 10_300) }), "low");
      expect(followed.events).to.deep.equal([{ type: "switched", run: 1 }]);
      expect(followed.segments.map(({ id, timeline }) => [id, timeline])).to.deep.equal([
        ["00000001-0000000000000012", 2],
      ]);
      const next = follower.follow(window(8, 13, { name: "b", tags: dated(8, 13, now - 8300) }), "low");
      expect([numbers(next), types(next)]).to.deep.equal([[13], []]);
    });

    it("goes on after what was published in the meantime, without times", () => {
      const follower = createFollower();
      follower.follow(window(100, 104, { name: "a" }), "high");
      expect(numbers(follower.follow(window(7, 12, { name: "b" }), "low"))).to.deep.equal([12]);
      expect(numbers(follower.follow(window(8, 13, { name: "b" }), "low"))).to.deep.equal([13]);
    });
  });
});
