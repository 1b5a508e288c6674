import { expect } from "chai";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import type { ResponseRecord } from "../../pipeline/responses/response.ts";
import type { ResponseFilter, ResponseStore } from "../../pipeline/responses/response-store.ts";

/**
 * What every `ResponseStore` holds (pipeline/responses/response-store.ts).
 *
 * @param open a store without responses
 */
export const describeResponseStoreContract = (name: string, open: () => Promise<ResponseStore>): void => {
  describe(`the response store contract, ${name}`, () => {
    let store: ResponseStore;
    let count = 0;
    beforeEach(async () => {
      store = await open();
    });

    /** Each record is a millisecond newer than the one before. */
    const buildRecord = (fields: Partial<ResponseRecord> = {}): ResponseRecord => {
      count += 1;
      const at = new Date(1_795_000_000_000 + count).toISOString();
      const stem = `responses/course/1/${String(count).padStart(64, "0")}`;
      return {
        project: "course",
        step: "1",
        mail: `${count}@example.org`,
        video: `${stem}.webm`,
        videoKeyStem: stem,
        status: "Requested",
        createdAt: at,
        updatedAt: at,
        expiresAt: 1_795_086_400,
        revision: 1,
        ...fields,
      };
    };
    const create = async (fields: Partial<ResponseRecord> = {}): Promise<ResponseRecord> => {
      const record = buildRecord(fields);
      expect(await store.write(record)).to.equal(true);
      return record;
    };
    const listMails = async (filter: ResponseFilter, limit: number): Promise<readonly string[]> => {
      const mails: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
        expect(page.responses.length).to.be.at.most(limit);
        mails.push(...page.responses.map(({ mail }) => mail));
        cursor = page.cursor;
      } while (cursor !== undefined);
      return mails;
    };

    it("returns a record as it was written, and nothing for another key", async () => {
      const record = await create({
        status: "Complete",
        jobId: "job",
        ownerId: "ann",
        version: { sequencer: "0A", modifiedAt: "2026-11-21T03:00:00.000Z" },
      });
      expect(await store.read(record)).to.deep.equal(record);
      for (const other of [{ project: "courses" }, { step: "2" }, { mail: "b@example.org" }])
        expect(await store.read({ ...record, ...other })).to.equal(undefined);
    });

    it("creates a record once, and lets one of ten concurrent changes of a revision win", async () => {
      const record = await create();
      expect(await store.write({ ...record, video: "other" })).to.equal(false);
      const changes = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          store.write({ ...record, jobId: `job ${index}`, revision: 2 }),
        ),
      );
      expect(changes.filter((isWritten) => isWritten)).to.have.length(1);
      expect(await store.read(record)).to.deep.include({
        jobId: `job ${changes.indexOf(true)}`,
        revision: 2,
      });
      expect(await store.write({ ...record, revision: 4 })).to.equal(false);
      expect(await store.write({ ...buildRecord(), revision: 2 })).to.equal(false);
    });

    it("removes the attributes that a change leaves out", async () => {
      const record = await create({ ownerId: "ann" });
      const { expiresAt: _expiresAt, ownerId: _ownerId, ...kept } = record;
      const changed: ResponseRecord = { ...kept, status: "Submitted", jobId: "job", revision: 2 };
      expect(await store.write(changed)).to.equal(true);
      expect(await store.read(record)).to.deep.equal(changed);
    });

    it("finds a record by the key of its video without the extension", async () => {
      const record = await create();
      await create();
      expect(await store.findByVideoKeyStem(record.videoKeyStem)).to.deep.equal(record);
      expect(await store.findByVideoKeyStem(record.videoKeyStem.slice(0, -1))).to.equal(undefined);
    });

    it("removes a record once", async () => {
      const record = await create();
      expect(await store.remove(record)).to.equal(true);
      expect(await store.read(record)).to.equal(undefined);
      expect(await store.remove(record)).to.equal(false);
      expect(await store.write({ ...record, revision: 2 })).to.equal(false);
      expect(await store.write(record)).to.equal(true);
    });

    it("lists by project, step, e-mail address and owner, newest first, in pages without gaps", async () => {
      const mail = "ann@example.org";
      const records: ResponseRecord[] = [];
      for (const [project, step, ownerId] of [
        ["course", "1", "ann"],
        ["course", "1", "bob"],
        ["course", "1-2", "ann"],
        ["courses", "1", "ann"],
      ] as const)
        for (let index = 0; index < 3; index += 1)
          records.push(
            await create({ project, step, ownerId, ...(index === 0 && ownerId === "ann" ? { mail } : {}) }),
          );
      const expected = (matches: (record: ResponseRecord) => boolean) =>
        records
          .filter(matches)
          .map((record) => record.mail)
          .reverse();
      for (const limit of [1, 2, 50]) {
        expect(await listMails({ project: "course" }, limit)).to.deep.equal(
          expected(({ project }) => project === "course"),
        );
        expect(await listMails({ project: "course", step: "1" }, limit)).to.deep.equal(
          expected(({ project, step }) => project === "course" && step === "1"),
        );
        expect(await listMails({ ownerId: "ann" }, limit)).to.deep.equal(
          expected(({ ownerId }) => ownerId === "ann"),
        );
        expect(await listMails({ mail }, limit)).to.deep.equal([mail, mail, mail]);
      }
      expect(await listMails({ project: "none" }, 2)).to.deep.equal([]);
    });

    it("reports an invalid cursor as the caller's mistake", async () => {
      const failure = await store
        .list({ project: "course" }, { cursor: "{}" })
        .catch((cause: unknown) => cause);
      expect(failure).to.be.instanceOf(StoreFailure).and.to.include({ kind: "invalid" });
    });
  });
};
