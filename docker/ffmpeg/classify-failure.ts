import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../pipeline/jobs/attempt.ts";
import type { ObjectHead } from "../../pipeline/ports/object-store.ts";
import { buildScratchFullFailure } from "./failure.ts";
import { probeScratch } from "./scratch-probe.ts";
import { isScratchFull } from "./scratch-watch.ts";
import { checkUnchanged } from "./source-head.ts";
import type { WorkPorts } from "./work-ports.ts";

/**
 * What a failure really came from. Three things look like broken media from within ffmpeg: a full volume, on which
 * some of its muxers cut files short without a word, a folder that is gone or closed, and a source that was replaced
 * while it was read.
 *
 * @param head the source when reading began; undefined where it did not
 * @param folder the attempt's own; undefined where it was not made
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
  const isMediaFailure = cause.code >= 4000 && cause.code < 9000 && cause.code !== 4005;
  if (isMediaFailure && (await isScratchFull(ports.scratch)))
    return buildScratchFullFailure(ports.scratch, cause);
  if (head === undefined) return cause;
  try {
    await checkUnchanged(ports, specification, head);
    return cause;
  } catch (sourceFailure) {
    return sourceFailure instanceof JobFailure && sourceFailure.code === 3001 ? sourceFailure : cause;
  }
};
