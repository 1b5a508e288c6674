import { toInputTime } from "./times.ts";

/** What a clip can be made of, ISO 8601. */
interface Archive {
  readonly from: string;
  readonly to: string;
}
/** A time range. In a form, its times are those of inputs of type `datetime-local`. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

const secondMs = 1000;
/** Length of the range that is offered, milliseconds. */
const offeredMs = 30 * secondMs;

/** Rounds a range outwards to whole seconds, the steps of a form: nothing of it is cut. @param range epoch milliseconds */
const toFormRange = (fromMs: number, toMs: number): Range => ({
  from: toInputTime(new Date(Math.floor(fromMs / secondMs) * secondMs)),
  to: toInputTime(new Date(Math.ceil(toMs / secondMs) * secondMs)),
});

/** What can be chosen of an archive. */
export const toLimits = ({ from, to }: Archive): Range => toFormRange(Date.parse(from), Date.parse(to));

/** The range that is offered: the end of the archive. */
export const offerRange = ({ from, to }: Archive): Range => {
  const endMs = Date.parse(to);
  return toFormRange(Math.max(Date.parse(from), endMs - offeredMs), endMs);
};

/**
 * Converts the range of a form to that of a request, ISO 8601. What the archive lacks only because seconds are rounded is
 * left out.
 */
export const toRequestRange = ({ from, to }: Range, archive: Archive): Range => {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const [startMs, endMs] = [Date.parse(archive.from), Date.parse(archive.to)];
  const isStart = fromMs < startMs && fromMs > startMs - secondMs;
  const isEnd = toMs > endMs && toMs < endMs + secondMs;
  return {
    from: new Date(isStart ? startMs : fromMs).toISOString(),
    to: new Date(isEnd ? endMs : toMs).toISOString(),
  };
};
