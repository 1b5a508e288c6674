import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { findMediaPrograms } from "../../adapters/local/media-programs.ts";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import { imageProgram } from "../../build/package-directory.ts";
import { makeAttemptOutputs } from "../../docker/ffmpeg/attempt/make-outputs.ts";
import { OutputGroups } from "../../docker/ffmpeg/outputs/output-groups.ts";
import { probeCapabilities } from "../../docker/ffmpeg/programs/capabilities.ts";
import { runChild } from "../../docker/ffmpeg/programs/child.ts";
import type { Capabilities } from "../../pipeline/encoding/capabilities.ts";
import { computeMemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../pipeline/jobs/attempt.ts";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";

/** The result of an attempt: outputs or a failure. */
export interface AttemptResult {
  readonly failure?: JobFailure;
  readonly outputs: readonly string[];
  /** Durations of the outputs that have one. */
  readonly durationsSeconds: readonly number[];
  readonly warnings: readonly string[];
  /** Where the files of the outputs are. */
  readonly folder: string;
  /** Seconds it took. */
  readonly seconds: number;
}

/**
 * The worker's own attempts, in this process, with one build of ffmpeg.
 *
 * @param searchPath where ffmpeg is; the packaged build where it has none
 */
export const openHostileBench = async (searchPath: string) => {
  const { ffmpeg, ffprobe, version } = findMediaPrograms(searchPath);
  const folder = await mkdtemp(join(tmpdir(), "reelway-hostile-"));
  const objects = createLocalObjectStore({ directory: join(folder, "objects") });
  const { signal } = new AbortController();
  const capabilityReads: Capabilities[] = [];
  let attempts = 0;
  const taskMemoryBytes = totalmem();
  const memory = computeMemoryLimit(
    { kind: "video", pixels: 1920 * 1080, encoderCount: 1, lookahead: "long", threads: 2 },
    taskMemoryBytes,
  );

  return {
    folder,
    version,
    programs: { ffmpeg, ffprobe },
    memory,
    /** The capabilities that the attempts have read so far. */
    capabilityReads,
    /** Runs ffmpeg as the tests need it, and returns its log. @throws Error where it fails */
    async makeMedia(...ffmpegArguments: string[]): Promise<{ readonly log: string }> {
      const { code, log } = await runChild(ffmpeg, ["-hide_banner", "-nostdin", "-y", ...ffmpegArguments], {
        signal,
        timeoutSeconds: 60,
        graceSeconds: 1,
        memory,
      });
      if (code !== 0) throw new Error(`ffmpeg ${ffmpegArguments.join(" ")}: ${log}`);
      return { log };
    },
    /** Uploads a file of the folder under its own name. */
    upload: (name: string) =>
      objects.write({ bucket: "input", key: name }, { file: join(folder, name) }, { contentType: "" }),
    /** Works an uploaded file up to where its outputs would be published. */
    async attempt(
      recipe: Recipe,
      key: string,
      options: { readonly outputKeys: readonly string[]; readonly progressTimeoutSeconds?: number },
    ): Promise<AttemptResult> {
      const head = await objects.head({ bucket: "input", key });
      if (head === undefined) throw new Error(`${key} is not uploaded.`);
      const order: AttemptSpecification = {
        id: "hostile",
        attempt: 1,
        source: { bucket: "input", key, bytes: head.bytes, versionId: head.versionId },
        recipe,
        outputBucket: "output",
        outputKeys: options.outputKeys,
        metadata: {},
        ownership: { kind: "strict", job: "hostile" },
        limits: { maxSourceMinutes: 240, maxVideoPixels: 35_389_440, maxImagePixels: 64_000_000 },
      };
      attempts += 1;
      const scratch = await mkdtemp(join(folder, `attempt-${attempts}-`));
      const controller = new AbortController();
      const outputGroups = new OutputGroups(recipe);
      const started = performance.now();
      const result = (rest: Omit<AttemptResult, "folder" | "seconds">): AttemptResult => ({
        ...rest,
        folder: scratch,
        seconds: (performance.now() - started) / 1000,
      });
      try {
        const outputs = await makeAttemptOutputs(
          {
            objects,
            programs: { ffmpeg, ffprobe },
            imageProgram,
            readCapabilities: async (name, abortSignal) => {
              const capabilities = await probeCapabilities(ffmpeg, name, abortSignal);
              capabilityReads.push(capabilities);
              return capabilities;
            },
            scratch: folder,
            threads: 2,
            readTimeoutSeconds: 20,
            progressTimeoutSeconds: options.progressTimeoutSeconds ?? 60,
            ffmpegTimeoutSeconds: 21_600,
            progressPeriodSeconds: 1,
            maxScratchBytes: 2 ** 30,
            graceSeconds: 1,
            taskMemoryBytes,
            log: { info: () => undefined, warn: () => undefined, error: () => undefined },
          },
          order,
          {
            folder: scratch,
            signal: controller.signal,
            head,
            fail: (failure) => controller.abort(failure),
            recordPhase: () => Promise.resolve(true),
            updateProgress: () => undefined,
            outputGroups,
          },
        );
        return result({
          outputs: outputs.outputs().map((output) => output.key),
          durationsSeconds: outputs.outputs().flatMap((output) => output.durationSeconds ?? []),
          warnings: outputs.warnings,
        });
      } catch (cause) {
        const failure: unknown = controller.signal.aborted ? controller.signal.reason : cause;
        if (failure instanceof JobFailure)
          return result({ failure, outputs: [], durationsSeconds: [], warnings: [] });
        throw cause;
      }
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
};
export type HostileBench = Awaited<ReturnType<typeof openHostileBench>>;
