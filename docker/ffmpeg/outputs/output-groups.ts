import type { JobOutput, OutputGroupResult } from "../../../pipeline/attempts/report.ts";
import { getPlaylistGroup } from "../../../pipeline/elastic-transcoder/transcode/output-keys.ts";
import { buildFailedMemberFailure } from "../../../pipeline/elastic-transcoder/transcode/playlists.ts";
import type { TranscodeRecipe } from "../../../pipeline/elastic-transcoder/transcode/transcode-recipe.ts";
import type { PlannedOutput } from "../../../pipeline/encoding/plan.ts";
import { isPermanentFailure, type JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { Recipe } from "../../../pipeline/recipes/recipe.ts";

/** An encoded file with its probed properties. */
export interface CheckedOutput {
  readonly plannedOutput: PlannedOutput;
  readonly output: JobOutput;
}

/** Merges the files of an output group into the requested output. */
const mergeFiles = (outputGroup: string, files: readonly CheckedOutput[]): JobOutput | undefined => {
  const groupFiles = files.filter(
    ({ plannedOutput }) => plannedOutput.outputGroup === outputGroup && plannedOutput.isThumbnail !== true,
  );
  if (groupFiles.length === 0) return undefined;
  // The playlist has the total duration of its segments; the first segment has the codecs.
  const playlists = groupFiles.filter(({ plannedOutput }) => plannedOutput.durationSeconds !== undefined);
  const properties: Partial<JobOutput> = Object.assign(
    {},
    ...[...playlists, ...groupFiles].map(({ output }) => output).reverse(),
  );
  return {
    ...properties,
    key: outputGroup,
    bytes: groupFiles.reduce((sum, { output }) => sum + output.bytes, 0),
  };
};

/** The failed output groups of an attempt. Only the recipe transcode has output groups. */
export class OutputGroups {
  readonly #recipe: TranscodeRecipe | undefined;
  readonly #failures = new Map<string, JobFailure>();

  constructor(recipe: Recipe) {
    this.#recipe = recipe.name === "transcode" ? recipe : undefined;
  }

  /** Records the first failure of an output group, and fails the playlists that depend on it. */
  fail(outputGroup: string, failure: JobFailure): void {
    if (this.#failures.has(outputGroup)) return;
    this.#failures.set(outputGroup, failure);
    for (const playlist of this.#recipe?.playlists ?? [])
      if (playlist.outputKeys.includes(outputGroup))
        this.fail(getPlaylistGroup(playlist), buildFailedMemberFailure(playlist.name, outputGroup));
  }

  /**
   * Records the failure of a file for its output group.
   *
   * @throws the failure, if the file has no output group or the failure affects the whole attempt
   */
  failFile({ outputGroup }: PlannedOutput, cause: unknown): void {
    if (outputGroup === undefined || !isPermanentFailure(cause)) throw cause;
    this.fail(outputGroup, cause);
  }

  hasFailed({ outputGroup }: PlannedOutput): boolean {
    return outputGroup !== undefined && this.#failures.has(outputGroup);
  }

  /** Returns the recipe without the failed outputs, so that they are not encoded. */
  excludeFailed(recipe: Recipe): Recipe {
    if (recipe.name !== "transcode") return recipe;
    return {
      ...recipe,
      outputs: recipe.outputs.filter(({ key }) => !this.#failures.has(key)),
      playlists: (recipe.playlists ?? []).filter(
        (playlist) => !this.#failures.has(getPlaylistGroup(playlist)),
      ),
    };
  }

  /** @throws the first failure if all outputs have failed */
  throwIfAllFailed(): void {
    const outputs = this.#recipe?.outputs ?? [];
    const failures = outputs.flatMap(({ key }) => this.#failures.get(key) ?? []);
    const [first] = failures;
    if (first !== undefined && failures.length === outputs.length) throw first;
  }

  /** Collects the requested outputs from the published files. */
  collectOutputs(files: readonly CheckedOutput[]): readonly JobOutput[] {
    if (this.#recipe === undefined) return files.map(({ output }) => output);
    return this.#recipe.outputs.flatMap(({ key }) =>
      this.#failures.has(key) ? [] : (mergeFiles(key, files) ?? []),
    );
  }

  /**
   * Reports the result of each output group.
   *
   * @param defaultFailure failure of the groups without one of their own
   */
  report(
    outputs: readonly JobOutput[],
    defaultFailure?: JobFailure,
  ): readonly OutputGroupResult[] | undefined {
    if (this.#recipe === undefined) return undefined;
    const getError = (outputGroup: string) => {
      const failure = this.#failures.get(outputGroup) ?? defaultFailure;
      return failure === undefined ? {} : { error: failure.toJobError() };
    };
    return [
      ...this.#recipe.outputs.map(({ key }): OutputGroupResult => {
        const output = outputs.find((published) => published.key === key);
        return { key, ...(output === undefined ? {} : { output }), ...getError(key) };
      }),
      ...(this.#recipe.playlists ?? []).map(
        (playlist): OutputGroupResult => ({
          key: playlist.name,
          isPlaylist: true,
          ...getError(getPlaylistGroup(playlist)),
        }),
      ),
    ];
  }
}
