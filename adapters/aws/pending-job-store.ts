import type { JobStore } from "../../pipeline/jobs/job-store.ts";
import { maxHistoryEntries, truncateDetail } from "./item-size.ts";
import type { ItemStore } from "./item-store.ts";
import { toJob } from "./job-item.ts";

/** How long the mark of a backlog is kept if nobody removes it. */
const markRetentionSeconds = 30 * 86_400;
const formatBacklogId = (route: string): string => `backlog#${route}`;

const waitingCondition =
  "#status = :submitted AND attempt = :attempt AND attribute_not_exists(engineJobId) AND attribute_not_exists(workerId)";

/** Creates the part of the job store that is about jobs before their start. */
export const createPendingJobStore = (
  items: ItemStore,
  now: () => string,
): Pick<
  JobStore,
  "defer" | "completeSource" | "recordSlot" | "markBacklog" | "hasBacklog" | "clearBacklog" | "findExisting"
> => {
  const whileWaiting = (attempt: number) => ({
    names: { "#status": "status" },
    values: { ":submitted": "Submitted", ":attempt": attempt },
  });
  return {
    async defer(id, attempt, { deferral: wait, notBefore, detail }) {
      const deferral = { ...wait, reason: truncateDetail(wait.reason) };
      const previous = toJob(await items.get(id))?.deferral;
      const isNew = previous?.cause !== deferral.cause || previous.reason !== deferral.reason;
      const entry = { at: now(), status: "Submitted", attempt, detail: truncateDetail(detail) };
      return toJob(
        await items.update(id, {
          set: { deferral, notBefore, updatedAt: now() },
          ...(isNew ? { append: { attribute: "history", entry, maxEntries: maxHistoryEntries } } : {}),
          condition: waitingCondition,
          ...whileWaiting(attempt),
        }),
      );
    },
    async completeSource(id, attempt, { source, specification, ownerId }) {
      return toJob(
        await items.update(id, {
          set: { source, specification, ownerId, updatedAt: now() },
          condition: waitingCondition,
          ...whileWaiting(attempt),
        }),
      );
    },
    async recordSlot(id, attempt, hour) {
      const item = await items.update(id, {
        set: { hourSlot: hour, updatedAt: now() },
        condition: `${waitingCondition} AND attribute_not_exists(hourSlot)`,
        ...whileWaiting(attempt),
      });
      return item !== undefined;
    },
    async markBacklog(route) {
      const expiresAt = Math.floor(Date.parse(now()) / 1000) + markRetentionSeconds;
      await items.update(formatBacklogId(route), { set: { markedAt: now(), expiresAt } });
    },
    hasBacklog: async (route) => (await items.get(formatBacklogId(route)))?.markedAt !== undefined,
    async clearBacklog(route, before) {
      await items.update(formatBacklogId(route), {
        set: { markedAt: undefined },
        condition: "markedAt < :before",
        values: { ":before": before },
      });
    },
    findExisting: (ids) => items.findExisting(ids),
  };
};
