/** A clip of the input (type TimeSpan of the API): `[HH:]MM:SS.sss` or seconds. */
export interface TimeSpan {
  readonly StartTime?: string | undefined;
  readonly Duration?: string | undefined;
}

const parseSeconds = (text: string): number =>
  text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

/** Start and duration of a clip in seconds. Without a duration, the clip lasts until the end of the input. */
export const parseTimeSpan = (
  span: TimeSpan | undefined,
): { readonly startSeconds: number; readonly durationSeconds: number | undefined } => ({
  startSeconds: span?.StartTime === undefined ? 0 : parseSeconds(span.StartTime),
  durationSeconds: span?.Duration === undefined ? undefined : parseSeconds(span.Duration),
});
