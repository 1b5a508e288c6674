import type { AuthenticationPorts } from "../../../lambdas/api/authentication.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { type Control, createControl } from "../../../runtime/control.ts";
import { buildUploadEvent, type JobFixture, openJobFixture } from "../../pipeline/jobs/job-fixture.ts";
import { type ServedApp, serveApp } from "./serve-app.ts";

/** The runtime's server over a real table of jobs. Engines only record their calls. */
export interface JobServer extends ServedApp {
  readonly port: number;
  readonly fixture: JobFixture;
  /**
   * Creates the job of an upload; its route follows from the key. Each job is a second newer than the last.
   *
   * @param options the owner, and the version of the object
   */
  addJob(key: string, options?: { readonly ownerId?: string; readonly versionId?: string }): Promise<Job>;
}

/**
 * @param control replaces operations
 * @param authentication absent: every request may do everything
 */
export const openJobServer = async (
  control: Partial<Control> = {},
  authentication?: AuthenticationPorts,
): Promise<JobServer> => {
  const fixture = await openJobFixture();
  let app: ServedApp | undefined;
  const jobControl = createControl({
    ports: fixture.ports,
    objects: {
      findFile: async () => undefined,
      head: async () => undefined,
      writeByLink: (...parameters) => {
        if (app === undefined) throw new Error("not open");
        return app.objects.writeByLink(...parameters);
      },
    },
    transcoderService: { readJob: async () => undefined, forceCancel: async () => undefined },
    resolveOutputPath: (key) => `/data/output/${key}`,
    isDiskFull: () => false,
    description: { data: "/data", pid: 1, ffmpeg: "missing", slots: 1 },
    listEngines: () => [{ name: "ffmpeg", status: "working", message: null }],
  });
  app = await serveApp({
    control: { ...jobControl, ...control },
    videoStore: fixture.ports.jobs,
    findJobOwner: async (id) => (await fixture.ports.jobs.read(id))?.ownerId,
    ...(authentication === undefined ? {} : { authentication }),
  });
  return {
    ...app,
    port: app.server.port,
    fixture,
    async addJob(key, { ownerId, versionId } = {}) {
      fixture.advanceClock(1);
      const upload = buildUploadEvent(key, versionId);
      const metadata: Record<string, string> = ownerId === undefined ? {} : { "reelway-owner": ownerId };
      fixture.heads.set(`input/${key}`, { ...upload, metadata });
      const claim = await claimUpload(fixture.ports, upload, { triggers: "all" });
      if (claim.kind !== "claimed") throw new Error(`${key}: ${claim.kind}`);
      return claim.job;
    },
    async close() {
      await app.close();
      await fixture.close();
    },
  };
};
