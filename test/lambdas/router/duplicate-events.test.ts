import { expect } from "chai";
import { createRouter } from "../../../lambdas/router/route-uploads.ts";
import { type JobFixture, openJobFixture } from "../../pipeline/jobs/job-fixture.ts";

const events = 2000;
const versions = 1400;
/** A small linear congruential generator: the same order in every run. */
const order = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

describe("2,000 concurrent events in random order, 30 % of them duplicates", () => {
  let fixture: JobFixture;
  before(async () => {
    fixture = await openJobFixture({ maxJobsPerHour: events });
  });
  after(() => fixture.close());

  it("create exactly one job and one start for each object version", async function () {
    this.timeout(180_000);
    const random = order(42);
    const messages = Array.from({ length: events }, (_, index) => {
      const version = index < versions ? index : Math.floor(random() * versions);
      const key = `folder ${version % 97}/clip ${version}.mkv`;
      const object = { key, size: 5, sequencer: version.toString(16) };
      return index % 2 === 0
        ? {
            "detail-type": "Object Created",
            source: "aws.s3",
            detail: { bucket: { name: "input" }, object: { ...object, "version-id": `v${version}` } },
          }
        : {
            Records: [
              {
                eventName: "ObjectCreated:Put",
                s3: {
                  bucket: { name: "input" },
                  object: {
                    ...object,
                    key: encodeURIComponent(key).replaceAll("%20", "+"),
                    versionId: `v${version}`,
                  },
                },
              },
            ],
          };
    })
      .map((event) => ({ event, place: random() }))
      .sort((one, other) => one.place - other.place)
      .map(({ event }, index) => ({
        eventSource: "aws:sqs",
        messageId: `m${index}`,
        body: JSON.stringify(event),
      }));

    let runs = 0;
    const { run } = fixture.ports.tasks;
    const route = createRouter({
      ...fixture.ports,
      tasks: {
        ...fixture.ports.tasks,
        run: (request) => {
          runs += 1;
          return run(request);
        },
      },
    });
    const failures: unknown[] = [];
    const deliveries = Array.from({ length: 5 }, async () => {
      for (let batch = messages.splice(0, 10); batch.length > 0; batch = messages.splice(0, 10))
        failures.push(...(await route({ Records: batch })).batchItemFailures);
    });
    await Promise.all(deliveries);

    const ids = new Set<string>();
    for await (const job of fixture.ports.jobs.listAll("Submitted")) {
      expect(job.engineJobId).to.equal(`task/${job.id}-1`);
      ids.add(job.id);
    }
    expect(failures).to.eql([]);
    expect(ids.size).to.equal(versions);
    expect(fixture.started.size).to.equal(versions);
    expect(runs - versions).to.be.within(0, 30);
  });
});
