import { expect } from "chai";
import fc from "fast-check";
import {
  type FollowedSegment,
  followPlaylist,
} from "../../../../pipeline/highlights/playlist/follow-playlist.ts";
import { parsePlaylist } from "../../../../pipeline/highlights/playlist/parse-playlist.ts";
import { PlaylistError } from "../../../../pipeline/highlights/playlist/playlist-error.ts";
import type { PlaylistPosition } from "../../../../pipeline/highlights/playlist/position.ts";
import { brokenPlaylists, mediaPlaylists } from "./random-playlists.ts";

/** One thing that happens to a channel, in order. */
type Step =
  | { readonly type: "publish"; readonly seconds: number; readonly isDiscontinuity: boolean }
  | { readonly type: "restart"; readonly mediaSequence: number }
  /** `lag`: how many playlists ago the cache read it. */
  | { readonly type: "poll"; readonly lag: number }
  /** The process ends after it has processed so many segments of the playlist. */
  | { readonly type: "crash"; readonly processed: number };

interface ServerOptions {
  readonly windowSegments: number;
  readonly mediaSequence: number;
  readonly hasTimes: boolean;
  /** Whether EXT-X-DISCONTINUITY-SEQUENCE counts; false: it is absent, as some servers write. */
  readonly countsDiscontinuities: boolean;
}
interface PublishedSegment {
  /** Unique over all runs. */
  readonly name: string;
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  readonly isDiscontinuity: boolean;
  readonly seconds: number;
  readonly startMs: number;
}

/** A live server whose clock goes on with what it publishes. */
const createServer = ({ windowSegments, mediaSequence, hasTimes, countsDiscontinuities }: ServerOptions) => {
  let timeMs = Date.UTC(2024, 0, 1);
  let run = 0;
  let next = mediaSequence;
  let discontinuities = 0;
  let window: PublishedSegment[] = [];
  const playlists: { readonly run: number; readonly text: string; readonly names: readonly string[] }[] = [];

  const render = (): string =>
    [
      "#EXTM3U",
      "#EXT-X-TARGETDURATION:4",
      `#EXT-X-MEDIA-SEQUENCE:${window[0]?.mediaSequence ?? next}`,
      ...(countsDiscontinuities && window[0] !== undefined
        ? [
            `#EXT-X-DISCONTINUITY-SEQUENCE:${window[0].discontinuitySequence - (window[0].isDiscontinuity ? 1 : 0)}`,
          ]
        : []),
      ...window.flatMap(({ name, isDiscontinuity, seconds, startMs }) => [
        ...(isDiscontinuity ? ["#EXT-X-DISCONTINUITY"] : []),
        ...(hasTimes ? [`#EXT-X-PROGRAM-DATE-TIME:${new Date(startMs).toISOString()}`] : []),
        `#EXTINF:${seconds},`,
        `${name}.ts`,
      ]),
    ].join("\n");
  const update = (): void => {
    playlists.push({ run, text: render(), names: window.map(({ name }) => name) });
  };
  update();
  return {
    playlists,
    get timeMs() {
      return timeMs;
    },
    publish: (seconds: number, isDiscontinuity: boolean): void => {
      if (isDiscontinuity) discontinuities += 1;
      window = [
        ...window,
        {
          name: `run${run}-${next}`,
          mediaSequence: next,
          discontinuitySequence: discontinuities,
          isDiscontinuity,
          seconds,
          startMs: timeMs,
        },
      ].slice(-windowSegments);
      next += 1;
      timeMs += seconds * 1000;
      update();
    },
    /** The server is away for a while, then has no segment. */
    restart: (first: number): void => {
      timeMs += 5000;
      run += 1;
      next = first;
      discontinuities = 0;
      window = [];
    },
  };
};

const nameOf = ({ url }: FollowedSegment): string => /([^/]+)\.ts$/.exec(url)?.[1] ?? "";

/** Runs the steps. @returns what was processed, and the names of each newest playlist that was read */
const run = (options: ServerOptions, steps: readonly Step[]) => {
  const server = createServer(options);
  const processed: FollowedSegment[] = [];
  /** By text: a playlist that does not change counts once. */
  const fresh = new Map<string, readonly string[]>();
  let position: PlaylistPosition | undefined;
  /**
   * Runs that were read and remembered, the newest last. One that is lost in a crash is unknown: in a cache, after a restart,
   * it looks like another restart.
   */
  let runs: readonly number[] = [];
  /** Segments of all answers. */
  const readNames = new Set<string>();
  const poll = (lag: number, limit = Number.POSITIVE_INFINITY): void => {
    // Caches lag by a window at most.
    const answer = server.playlists.at(
      -1 - Math.min(lag, options.windowSegments, server.playlists.length - 1),
    );
    // A cache has what is known: of this run, or of the one before it. Another server would have new segments of that.
    const isOutdated = lag > 0 && answer?.run !== server.playlists.at(-1)?.run;
    if (answer === undefined || (lag > 0 && !runs.slice(-2).includes(answer.run))) return;
    if (isOutdated && answer.names.some((name) => !readNames.has(name))) return;
    for (const name of answer.names) readNames.add(name);
    const playlist = parsePlaylist(answer.text, "https://cdn.example.com/live/index.m3u8");
    if (playlist.kind !== "media") throw new Error("kind");
    const followed = followPlaylist(position, playlist, server.timeMs, { fromStart: true });
    const stored =
      limit < followed.segments.length ? followed.segments[limit - 1]?.position : followed.position;
    processed.push(...followed.segments.slice(0, limit));
    position = stored === undefined ? position : JSON.parse(JSON.stringify(stored));
    if (lag === 0 && limit === Number.POSITIVE_INFINITY) fresh.set(answer.text, answer.names);
    const isRemembered = stored !== undefined && answer.names.length > 0;
    if (isRemembered && !runs.includes(answer.run)) runs = [...runs, answer.run];
  };
  for (const step of steps) {
    if (step.type === "publish") server.publish(step.seconds, step.isDiscontinuity);
    else if (step.type === "restart") server.restart(step.mediaSequence);
    else if (step.type === "crash") poll(0, step.processed);
    else poll(step.lag);
  }
  // A lower window without a known segment is new once it grows.
  poll(0);
  server.publish(2, false);
  poll(0);
  return { processed, fresh };
};

const options = fc.record({
  windowSegments: fc.integer({ min: 3, max: 8 }),
  mediaSequence: fc.constantFrom(0, 7, 100_000),
  hasTimes: fc.boolean(),
  countsDiscontinuities: fc.boolean(),
});
const publish = fc.record({
  type: fc.constant("publish" as const),
  seconds: fc.constantFrom(1, 2, 3.2, 4),
  isDiscontinuity: fc.integer({ min: 0, max: 7 }).map((value) => value === 0),
});
const poll = (maxLag: number) =>
  fc.record({
    type: fc.constant("poll" as const),
    lag: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: maxLag })),
  });
const crash = fc.record({ type: fc.constant("crash" as const), processed: fc.integer({ min: 0, max: 3 }) });
const steadySteps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: publish },
    { weight: 5, arbitrary: poll(4) },
    { weight: 1, arbitrary: crash },
  ),
  { maxLength: 60 },
);
/** Restarts at a lower number, within the old range, or anywhere. */
const restart = fc.record({
  type: fc.constant("restart" as const),
  mediaSequence: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 }), fc.constant(100_003)),
});
const restartingSteps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: publish },
    { weight: 7, arbitrary: poll(2) },
    { weight: 1, arbitrary: crash },
    { weight: 1, arbitrary: restart },
  ),
  { maxLength: 80 },
);

const expectOnceInOrder = (processed: readonly FollowedSegment[]): void => {
  const names = processed.map(nameOf);
  expect(names).to.deep.equal([...new Set(names)]);
  for (const [index, segment] of processed.entries()) {
    const previous = processed[index - 1];
    if (previous === undefined) continue;
    expect(segment.id > previous.id, `${previous.id} < ${segment.id}`).to.equal(true);
    expect(segment.timeline - previous.timeline).to.equal(segment.isTimelineStart ? 1 : 0);
    if (!segment.isTimelineStart)
      expect(segment.startTimeMs - previous.startTimeMs).to.be.closeTo(previous.durationSeconds * 1000, 0.01);
    if (segment.isDiscontinuity) expect(segment.isTimelineStart).to.equal(true);
  }
};

describe("followPlaylist, for any server", () => {
  it("processes each segment of a window once, in order, over outdated caches, missed polls and crashes", () => {
    fc.assert(
      fc.property(options, steadySteps, (server, steps) => {
        const { processed, fresh } = run(server, steps);
        expectOnceInOrder(processed);
        const names = new Set(processed.map(nameOf));
        expect([...fresh.values()].flat().filter((name) => !names.has(name))).to.deep.equal([]);
        expect(processed.every(({ id }) => id.startsWith("00000000-"))).to.equal(true);
      }),
      { numRuns: 2000 },
    );
  }).timeout(60_000);

  it("does so over restarts, and loses no segment that was in two different playlists", () => {
    fc.assert(
      fc.property(options, restartingSteps, (server, steps) => {
        const { processed, fresh } = run(server, steps);
        expectOnceInOrder(processed);
        const names = new Set(processed.map(nameOf));
        const counts = new Map<string, number>();
        for (const name of [...fresh.values()].flat()) counts.set(name, (counts.get(name) ?? 0) + 1);
        expect([...counts].filter(([name, count]) => count >= 2 && !names.has(name))).to.deep.equal([]);
      }),
      { numRuns: 3000 },
    );
  }).timeout(60_000);

  it("keeps order, finite times and a small position over any playlists and clocks", () => {
    const poll = fc.record({
      text: fc.oneof(mediaPlaylists, brokenPlaylists),
      waitMs: fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: -100_000, max: 10_000_000 })),
    });
    fc.assert(
      fc.property(fc.array(poll, { maxLength: 8 }), fc.boolean(), (polls, fromStart) => {
        let position: PlaylistPosition | undefined;
        let nowMs = Date.UTC(2024, 0, 1);
        const processed: FollowedSegment[] = [];
        for (const { text, waitMs } of polls) {
          nowMs += waitMs;
          try {
            const playlist = parsePlaylist(text, "https://cdn.example.com/live/index.m3u8");
            if (playlist.kind !== "media") continue;
            const followed = followPlaylist(position, playlist, nowMs, { fromStart });
            processed.push(...followed.segments);
            position = followed.position;
            expect(JSON.parse(JSON.stringify(position))).to.deep.equal(position);
            expect(JSON.stringify(position).length).to.be.below(4096);
          } catch (error) {
            if (!(error instanceof PlaylistError)) throw error;
          }
        }
        for (const [index, { id, startTimeMs, timeline, isTimelineStart, isGap }] of processed.entries()) {
          expect([Number.isFinite(startTimeMs), isGap]).to.deep.equal([true, false]);
          const previous = processed[index - 1];
          if (previous === undefined) continue;
          expect(id > previous.id).to.equal(true);
          expect(timeline - previous.timeline).to.equal(isTimelineStart ? 1 : 0);
          if (!isTimelineStart) expect(startTimeMs).to.be.at.least(previous.startTimeMs);
        }
      }),
      { numRuns: 3000 },
    );
  }).timeout(60_000);
});
