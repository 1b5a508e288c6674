import type { ApiResponses } from "../../../lambdas/api/ports.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import type { ResponseRecord } from "../../../pipeline/responses/response.ts";
import type { ResponseKey } from "../../../pipeline/responses/response-request.ts";
import type { ResponseStore } from "../../../pipeline/responses/response-store.ts";
import configured from "../../../reelway.config.ts";

/** A store of responses in memory, and its records by `PROJECT-STEP MAIL`. */
export const createMemoryResponseStore = (): ResponseStore & {
  readonly records: Map<string, ResponseRecord>;
} => {
  const records = new Map<string, ResponseRecord>();
  const toKey = ({ project, step, mail }: ResponseKey) => `${project}-${step} ${mail}`;
  return {
    records,
    read: async (key) => records.get(toKey(key)),
    async write(record) {
      const key = toKey(record);
      if ((records.get(key)?.revision ?? 0) !== record.revision - 1) return false;
      records.set(key, record);
      return true;
    },
    remove: async (key) => records.delete(toKey(key)),
    findByVideoKeyStem: async (stem) =>
      [...records.values()].find(({ videoKeyStem }) => videoKeyStem === stem),
    list: async () => ({ responses: [...records.values()] }),
  };
};

const configuration = parseConfiguration(configured);

/** Ports of responses without a database or a rate limit. */
export const createApiResponses = (overrides: Partial<ApiResponses> = {}): ApiResponses => ({
  store: createMemoryResponseStore(),
  limiter: { take: async () => 0 },
  settings: configuration.responses,
  routes: configuration,
  clock: { now: () => new Date() },
  readKey: async () => new Uint8Array(32),
  getClientAddress: () => "192.0.2.1",
  ...overrides,
});
