/** A clip of the input as the API has it (type TimeSpan): `[HH:]MM:SS.sss`, or seconds. */
export interface TimeSpan {
  readonly StartTime?: string | undefined;
  readonly Duration?: string | undefined;
}

const seconds = (text: string): number => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

/** Seconds at which the clip begins, and how long it is; undefined: to the end of the input. */
export const clipOf = (
  span: TimeSpan | undefined,
): { readonly start: number; readonly duration: number | undefined } => ({
  start: span?.StartTime === undefined ? 0 : seconds(span.StartTime),
  duration: span?.Duration === undefined ? undefined : seconds(span.Duration),
});
