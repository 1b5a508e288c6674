import { Command } from "commander";
import { findRuntime } from "../../runtime/client.ts";
import { parseId } from "../arguments.ts";
import { jobDocument } from "../job-document.ts";
import { renderJob } from "../render/job-story.ts";
import { type PlaceOptions, withPlace } from "./place.ts";

const job = async (id: string, options: PlaceOptions & { readonly json?: true }): Promise<void> => {
  const found = await (await findRuntime(options)).job(id);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...jobDocument(found), history: found.job.history, probe: found.job.probe ?? null }, null, 2)}\n`
      : renderJob(found),
  );
};

/** `reelway job` */
export const jobCommand = (): Command =>
  withPlace(
    new Command("job")
      .description("tell the whole story of a job")
      .argument("<id>", "its id, or the first characters of it", parseId)
      .option("--json", "print one JSON document"),
  ).action(job);
