import { expect } from "chai";
import * as fc from "fast-check";
import { type JobStatus, jobStatuses } from "../../../pipeline/attempts/job-status.ts";
import type { JobSource } from "../../../pipeline/attempts/source.ts";
import { decideRequest, followJob, type ResponseRecord } from "../../../pipeline/responses/response.ts";
import {
  buildVideoKeyStem,
  isMail,
  parseVideoKeyStem,
  projectPattern,
  responseTypes,
  stepPattern,
} from "../../../pipeline/responses/response-request.ts";

const now = new Date("2026-11-21T03:00:00.000Z");
const later = new Date("2026-11-21T04:00:00.000Z");
const stem = `responses/course/1/${"a".repeat(64)}`;
const planned = { project: "course", step: "1", mail: "a@example.org", videoKeyStem: stem, type: "webm" };
const requested: ResponseRecord = {
  project: "course",
  step: "1",
  mail: "a@example.org",
  video: `${stem}.webm`,
  videoKeyStem: stem,
  status: "Requested",
  createdAt: now.toISOString(),
  updatedAt: now.toISOString(),
  expiresAt: now.getTime() / 1000 + 86_400,
  revision: 1,
};
const source = (fields: Partial<JobSource> = {}): JobSource => ({
  bucket: "input",
  key: `${stem}.webm`,
  bytes: 1,
  sequencer: "0A",
  modifiedAt: now.toISOString(),
  ...fields,
});

describe("requests for responses", () => {
  const access = { canAccess: true, replaces: false };

  it("record the first one for a day", () => {
    expect(decideRequest(undefined, planned, access, now)).to.deep.equal({
      kind: "allowed",
      video: `${stem}.webm`,
      record: requested,
    });
    expect(decideRequest(undefined, { ...planned, ownerId: "ann" }, access, now)).to.deep.equal({
      kind: "allowed",
      video: `${stem}.webm`,
      ownerId: "ann",
      record: { ...requested, ownerId: "ann" },
    });
  });

  it("renew one whose video has not come, with the new type, its first time, owner and stem", () => {
    const decision = decideRequest(
      { ...requested, ownerId: "ann" },
      { ...planned, type: "mp4", ownerId: "operator", videoKeyStem: "another key's stem" },
      access,
      later,
    );
    expect(decision).to.deep.equal({
      kind: "allowed",
      video: `${stem}.mp4`,
      ownerId: "ann",
      record: {
        ...requested,
        ownerId: "ann",
        video: `${stem}.mp4`,
        updatedAt: later.toISOString(),
        expiresAt: later.getTime() / 1000 + 86_400,
        revision: 2,
      },
    });
  });

  it("keep the record of an answered one, which only a replacement may upload again", () => {
    for (const status of ["Submitted", "Progressing", "Complete"] as const) {
      const { expiresAt: _expiresAt, ...answered } = { ...requested, status };
      expect(decideRequest(answered, planned, access, later)).to.deep.equal({
        kind: "exists",
        isReplaceable: true,
      });
      expect(
        decideRequest(answered, { ...planned, type: "mov" }, { ...access, replaces: true }, later),
      ).to.deep.equal({
        kind: "allowed",
        video: `${stem}.mov`,
      });
    }
  });

  it("keep the record of one whose video was not usable, which may be uploaded again", () => {
    for (const status of ["Error", "Canceled"] as const) {
      const { expiresAt: _expiresAt, ...failed } = { ...requested, status, ownerId: "ann", jobId: "first" };
      for (const replaces of [false, true])
        expect(
          decideRequest(failed, { ...planned, type: "mov" }, { canAccess: true, replaces }, later),
        ).to.deep.equal({ kind: "allowed", video: `${stem}.mov`, ownerId: "ann" });
    }
  });

  it("do not touch those of others, unless no video has come while the form could be sent", () => {
    const others = { canAccess: false, replaces: true };
    const refused = { kind: "exists", isReplaceable: false };
    for (const status of ["Complete", "Error", "Canceled"] as const)
      expect(decideRequest({ ...requested, status }, planned, others, later)).to.deep.equal(refused);
    const existing = { ...requested, ownerId: "ann" };
    const wait = (seconds: number) => new Date(now.getTime() + 1000 * seconds);
    const bobs = { ...planned, ownerId: "bob" };
    expect(decideRequest(existing, bobs, others, wait(299))).to.deep.equal(refused);
    expect(decideRequest(existing, bobs, others, wait(300))).to.deep.include({
      kind: "allowed",
      ownerId: "bob",
    });
  });
});

describe("a response follows the job of its video", () => {
  const follow = (record: ResponseRecord, id: string, status: JobStatus, one = source()) =>
    followJob(record, { id, status, source: one }, later);

  it("and belongs to the user whose video it has", () => {
    const job = { id: "j", status: "Submitted" as const, source: source() };
    const existing = { ...requested, ownerId: "bob" };
    expect(followJob(existing, { ...job, owner: { id: "ann" } }, later)).to.include({ ownerId: "ann" });
    expect(followJob(existing, { ...job, owner: { id: undefined } }, later)).to.not.have.property("ownerId");
    // The job is not claimed yet.
    expect(followJob(existing, job, later)).to.include({ ownerId: "bob" });
  });

  it("from the upload to the end, without an expiry", () => {
    const uploaded = follow(requested, "j", "Submitted");
    const { expiresAt: _expiresAt, ...kept } = requested;
    expect(uploaded).to.deep.equal({
      ...kept,
      status: "Submitted",
      jobId: "j",
      version: { sequencer: "0A", modifiedAt: now.toISOString() },
      updatedAt: later.toISOString(),
      revision: 2,
    });
    if (uploaded === undefined) throw new Error("no change");
    expect(follow(uploaded, "j", "Submitted")).to.equal(undefined);
    const complete = follow(uploaded, "j", "Complete");
    expect(complete).to.deep.include({ status: "Complete", revision: 3 });
  });

  it("even if the end arrives before the upload, and after a retry", () => {
    const failed = follow(requested, "j", "Error");
    expect(failed).to.deep.include({ status: "Error", jobId: "j" });
    if (failed === undefined) throw new Error("no change");
    expect(follow(failed, "j", "Submitted")).to.deep.include({ status: "Submitted" });
  });

  it("and then that of a newer video, never of an older one", () => {
    const first = follow(
      requested,
      "first",
      "Complete",
      source({ sequencer: "0A", modifiedAt: now.toISOString() }),
    );
    if (first === undefined) throw new Error("no change");
    const again = source({ sequencer: "0B", modifiedAt: now.toISOString() });
    const second = follow(first, "second", "Submitted", again);
    expect(second).to.deep.include({ jobId: "second", status: "Submitted" });
    const otherType = source({ key: `${stem}.mp4`, sequencer: "01", modifiedAt: later.toISOString() });
    if (second === undefined) throw new Error("no change");
    const third = follow(second, "third", "Submitted", otherType);
    expect(third).to.deep.include({ jobId: "third", video: `${stem}.mp4` });
    if (third === undefined) throw new Error("no change");
    // Their messages are delivered again.
    for (const [id, one] of [
      ["first", source()],
      ["second", again],
    ] as const)
      for (const status of jobStatuses) {
        expect(follow(second, "first", status, source()), status).to.equal(undefined);
        expect(follow(third, id, status, one), `${id} ${status}`).to.equal(undefined);
      }
  });

  it("to the same state in whatever order and however often the events arrive", () => {
    const versions = [
      {
        id: "a",
        status: "Complete",
        source: source({ sequencer: "0A", modifiedAt: "2026-11-21T03:00:00.000Z" }),
      },
      {
        id: "b",
        status: "Error",
        source: source({ sequencer: "0B", modifiedAt: "2026-11-21T03:00:05.000Z" }),
      },
      {
        id: "c",
        status: "Submitted",
        source: source({ key: `${stem}.mov`, sequencer: "01", modifiedAt: "2026-11-21T03:00:09.000Z" }),
      },
    ] as const;
    fc.assert(
      fc.property(
        fc
          .tuple(
            fc.shuffledSubarray([...versions], { minLength: 3 }),
            fc.array(fc.constantFrom(...versions), { maxLength: 6 }),
          )
          .chain(([all, more]) =>
            fc.shuffledSubarray([...all, ...more], { minLength: all.length + more.length }),
          ),
        (events) => {
          let record = requested;
          for (const job of events) record = followJob(record, job, later) ?? record;
          expect(record).to.deep.include({ jobId: "c", status: "Submitted", video: `${stem}.mov` });
        },
      ),
    );
  });
});

describe("the keys of responses", () => {
  const key = new Uint8Array(32).fill(7);

  it("are a keyed hash of the e-mail address below project and step", () => {
    const one = { project: "course", step: "final-1", mail: "a@example.org" };
    // printf a@example.org | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…
    expect(buildVideoKeyStem(one, key)).to.match(/^responses\/course\/final-1\/[0-9a-f]{64}$/);
    expect(buildVideoKeyStem(one, key)).to.equal(buildVideoKeyStem(one, key));
    expect(buildVideoKeyStem(one, new Uint8Array(32))).to.not.equal(buildVideoKeyStem(one, key));
    expect(buildVideoKeyStem({ ...one, mail: "b@example.org" }, key)).to.not.equal(
      buildVideoKeyStem(one, key),
    );
  });

  it("are recognized by their stem, and no other keys", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(new RegExp(projectPattern)),
        fc.stringMatching(new RegExp(stepPattern)),
        fc.constantFrom(...responseTypes),
        (project, step, type) => {
          const built = buildVideoKeyStem({ project, step, mail: "a@example.org" }, key);
          expect(parseVideoKeyStem(`${built}.${type}`)).to.equal(built);
        },
      ),
    );
    for (const other of [
      `${stem}.avi`,
      `${stem}`,
      `x/${stem}.mp4`,
      `responses/course/1/film.mp4`,
      `responses/co-urse/1/${"a".repeat(64)}.mp4`,
      `responses/course/1/${"A".repeat(64)}.mp4`,
      `${stem}.mp4\n`,
    ])
      expect(parseVideoKeyStem(other), other).to.equal(undefined);
  });

  it("never collide: a project has no hyphen", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(new RegExp(projectPattern)),
        fc.stringMatching(new RegExp(stepPattern)),
        (project, step) => {
          const projectStep = `${project}-${step}`;
          const hyphen = projectStep.indexOf("-");
          expect([projectStep.slice(0, hyphen), projectStep.slice(hyphen + 1)]).to.deep.equal([
            project,
            step,
          ]);
        },
      ),
    );
    expect(projectPattern.test("a-b")).to.equal(false);
  });

  it("accept e-mail addresses as browsers do", () => {
    for (const mail of ["a@b", "a.b+c@example.org", "A@EXAMPLE.ORG", "o'neill@a-b.example"])
      expect(isMail(mail), mail).to.equal(true);
    for (const mail of [
      "",
      "a",
      "@b",
      "a@",
      "a b@c",
      "a@b@c",
      "a@-b",
      "a@b..c",
      "a@b\n",
      "ü@example.org",
      `${"a".repeat(65)}@b`,
      `a@${"b.".repeat(130)}c`,
    ])
      expect(isMail(mail), mail).to.equal(false);
  });
});
