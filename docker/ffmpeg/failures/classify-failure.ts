import { isMediaFailure, JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import type { ObjectHead } from "../../../pipeline/ports/object-store.ts";
import type { WorkPorts } from "../attempt/work-ports.ts";
import { probeScratch } from "../scratch/scratch-probe.ts";
import { isScratchFull } from "../scratch/scratch-watch.ts";
import { checkUnchanged } from "../source/source-head.ts";
import { buildScratchFullFailure } from "./failure.ts";

/**
 * Finds the real cause of a failure. Three causes look like damaged media to ffmpeg: a full volume, on which some
 * muxers truncate files without an error; a deleted or inaccessible folder; and a source that was replaced during the
 * read.
 *
 * @param head the source when reading started; undefined if it did not start
 * @param folder scratch folder of the attempt; undefined if it was not created
 */
export const classifyFailure = async (
  ports: Pick<WorkPorts, "objects" | "scratch">,
  specification: AttemptSpecification,
  head: ObjectHead | undefined,
  cause: unknown,
  folder: string | undefined,
): Promise<unknown> => {
  if (!(cause instanceof JobFailure) || (cause.retryable && cause.code !== 3001)) return cause;
  const scratchFailure =
    cause.code < 4000 || folder === undefined ? undefined : await probeScratch(ports.scratch, folder);
  if (scratchFailure !== undefined) return scratchFailure;
  if (isMediaFailure(cause) && cause.code !== 4005 && (await isScratchFull(ports.scratch)))
    return buildScratchFullFailure(ports.scratch, cause);
  if (head === undefined) return cause;
  try {
    await checkUnchanged(ports, specification, head);
    return cause;
  } catch (sourceFailure) {
    return sourceFailure instanceof JobFailure && sourceFailure.code === 3001 ? sourceFailure : cause;
  }
};
