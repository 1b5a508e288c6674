import { formatTimeId } from "../../pipeline/ports/tables.ts";

/** The sort keys (`formatTimeId`) of a period in epoch seconds. They are precise to the millisecond: compare the times too. */
export const toTimeIdRange = (fromTime: number, toTime: number) => ({
  from: formatTimeId(fromTime, ""),
  to: formatTimeId(toTime, "\uffff"),
});
