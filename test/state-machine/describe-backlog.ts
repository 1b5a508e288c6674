import { expect } from "chai";
import { createDynamoTokenBucket } from "../../adapters/aws/token-bucket.ts";
import { localTableNames, openDatabase } from "../../adapters/local/database.ts";
import { createReconciler } from "../../lambdas/reconciler/reconcile.ts";
import { claimUpload } from "../../pipeline/jobs/claim-upload.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { TaskNotStarted, type TaskRequest } from "../../pipeline/ports/task-runner.ts";
import { buildUploadEvent, type JobFixture, openJobFixture } from "../pipeline/jobs/job-fixture.ts";

/** A backlog in simulated time. */
export interface Backlog {
  readonly uploads: number;
  readonly maxJobsPerHour: number;
  /** Simulated minutes between two runs of the reconciler. */
  readonly stepMinutes: number;
  /** Whether a second run has refusals by AWS. */
  readonly hasRefusals: boolean;
}

/** ECS's limit of RunTask calls in any second. */
const maxCallsPerSecond = 20;

const toJobId = ({ clientToken }: TaskRequest): string => clientToken.split("-")[0] ?? "";

/** True if no second has more calls than ECS allows. @param times milliseconds, in order */
const isRate = (times: readonly number[]): boolean =>
  times.every((time, index) => {
    const later = times[index + maxCallsPerSecond];
    return later === undefined || later - time >= 1000;
  });

export const describeBacklog = ({ uploads, maxJobsPerHour, stepMinutes, hasRefusals }: Backlog): void => {
  describe(`${uploads} uploads in a minute over a limit of ${maxJobsPerHour} jobs per hour`, function () {
    this.timeout(600_000);
    let fixture: JobFixture;
    let bucketDatabase: Awaited<ReturnType<typeof openDatabase>>;
    beforeEach(async () => {
      fixture = await openJobFixture({ maxJobsPerHour });
      bucketDatabase = await openDatabase();
    });
    afterEach(async () => {
      await fixture.close();
      await bucketDatabase.close();
    });

    /** Uploads everything, then runs the reconciler until no job is open. @param refuse a refusal of a call, if any */
    const drain = async (refuse: (call: number) => TaskNotStarted | undefined) => {
      const { clock, tasks } = fixture.ports;
      const calls: { readonly request: TaskRequest; readonly timeMs: number }[] = [];
      const attempts: number[] = [];
      const open = new Set<string>();
      const ports = {
        ...fixture.ports,
        taskStarts: createDynamoTokenBucket(bucketDatabase.client, localTableNames.jobs, clock),
        tasks: {
          ...tasks,
          async run(request: TaskRequest) {
            attempts.push(clock.now().getTime());
            const refusal = refuse(attempts.length);
            if (refusal !== undefined) throw refusal;
            calls.push({ request, timeMs: clock.now().getTime() });
            open.add(toJobId(request));
            return tasks.run(request);
          },
        },
      };
      /** The workers of all started tasks finish. */
      const finishTasks = async (): Promise<void> => {
        for (const id of open) {
          await fixture.ports.jobs.begin(id, 1, "worker");
          await fixture.ports.jobs.closeJob(id, 1, { status: "Complete", outputs: [], detail: "complete" });
        }
        open.clear();
      };
      const jobs: Job[] = [];
      for (let upload = 0; upload < uploads; upload += 1) {
        fixture.advanceClock(60 / uploads);
        const key = upload % 2 === 0 ? `${upload}.mkv` : `${upload}.wav`;
        const claim = await claimUpload(ports, buildUploadEvent(key), { triggers: "lambda" });
        if (claim.kind !== "claimed") throw new Error(`${key}: ${claim.kind}`);
        jobs.push(claim.job);
      }
      const reconcile = createReconciler(ports);
      const maxRuns = Math.ceil((uploads / maxJobsPerHour + 3) * (60 / stepMinutes));
      for (let run = 0; run < maxRuns && calls.length < uploads; run += 1) {
        await finishTasks();
        fixture.advanceClock(stepMinutes * 60);
        await reconcile();
      }
      await finishTasks();
      const statuses = await Promise.all(jobs.map(async ({ id }) => (await ports.jobs.read(id))?.status));
      expect(new Set(statuses)).to.eql(new Set(["Complete"]));
      expect(new Set(calls.map(({ request }) => request.clientToken)).size).to.equal(uploads);
      expect(calls).to.have.length(uploads);
      expect(isRate(attempts), "calls of RunTask in any second").to.equal(true);
      const jobById = new Map(jobs.map((job) => [job.id, job]));
      return calls.map(({ request, timeMs }) => {
        const job = jobById.get(toJobId(request));
        if (job === undefined) throw new Error("A task has no job.");
        return { job, timeMs };
      });
    };

    it("starts each once, the oldest of each route first, both routes alike", async () => {
      const starts = await drain(() => undefined);
      const routes = [...new Set(starts.map(({ job }) => job.route))];
      expect(routes).to.have.length(2);
      const perHour = new Map<string, number[]>();
      for (const [index, route] of routes.entries()) {
        const ofRoute = starts.filter(({ job }) => job.route === route);
        const created = ofRoute.map(({ job }) => job.createdAt);
        expect(created, `order of ${route}`).to.eql([...created].sort());
        for (const { timeMs } of ofRoute) {
          const hour = new Date(timeMs).toISOString().slice(0, 13);
          const counts = perHour.get(hour) ?? [0, 0];
          counts[index] = (counts[index] ?? 0) + 1;
          perHour.set(hour, counts);
        }
      }
      for (const [hour, [one = 0, two = 0]] of perHour) {
        expect(one + two, hour).to.be.at.most(maxJobsPerHour);
        expect(Math.abs(one - two), `difference of the routes in ${hour}`).to.be.at.most(2);
      }
    });

    if (!hasRefusals) return;
    it("loses none and starts none twice while AWS refuses every tenth call", async () => {
      const refusals = ["capacity", "rate", "unknown", "definition"] as const;
      await drain((call) =>
        call % 10 === 0
          ? new TaskNotStarted("refused", refusals[(call / 10) % refusals.length] ?? "unknown")
          : undefined,
      );
    });
  });
};
