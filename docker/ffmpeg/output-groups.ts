import type { JobOutput, OutputGroupResult } from "../../pipeline/attempts/report.ts";
import { getPlaylistGroup } from "../../pipeline/elastic-transcoder/transcode/output-keys.ts";
import { buildFailedMemberFailure } from "../../pipeline/elastic-transcoder/transcode/playlists.ts";
import type { TranscodeRecipe } from "../../pipeline/elastic-transcoder/transcode/transcode-recipe.ts";
import type { PlannedOutput } from "../../pipeline/encoding/plan.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";

/** A finished file with what was found in it. */
export interface CheckedOutput {
  readonly plannedOutput: PlannedOutput;
  readonly output: JobOutput;
}

/** The files of one part as the one output that a person asked for. */
const mergeFiles = (outputGroup: string, files: readonly CheckedOutput[]): JobOutput | undefined => {
  const groupFiles = files.filter(
    ({ plannedOutput }) => plannedOutput.outputGroup === outputGroup && plannedOutput.isThumbnail !== true,
  );
  if (groupFiles.length === 0) return undefined;
  // A playlist knows how long its segments last together; the first one shows what they hold.
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

/** Which parts of an order have failed by themselves; a recipe that makes one thing has none. */
export class OutputGroups {
  readonly #recipe: TranscodeRecipe | undefined;
  readonly #failures = new Map<string, JobFailure>();

  constructor(recipe: Recipe) {
    this.#recipe = recipe.name === "transcode" ? recipe : undefined;
  }

  /** Notes a failure; the first one of a part counts, and fails what needs the part. */
  fail(outputGroup: string, failure: JobFailure): void {
    if (this.#failures.has(outputGroup)) return;
    this.#failures.set(outputGroup, failure);
    for (const playlist of this.#recipe?.playlists ?? [])
      if (playlist.outputKeys.includes(outputGroup))
        this.fail(getPlaylistGroup(playlist), buildFailedMemberFailure(playlist.name, outputGroup));
  }

  /**
   * A failure of one file: of its part, where it has one and the failure is not the attempt's.
   *
   * @throws the failure, where it is of the whole attempt
   */
  failFile({ outputGroup }: PlannedOutput, cause: unknown): void {
    if (outputGroup === undefined || !(cause instanceof JobFailure) || cause.retryable) throw cause;
    this.fail(outputGroup, cause);
  }

  hasFailed({ outputGroup }: PlannedOutput): boolean {
    return outputGroup !== undefined && this.#failures.has(outputGroup);
  }

  /** The recipe without the outputs that have failed already, so that nothing is spent on them. */
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

  /** @throws the first failure where no output is left */
  throwIfAllFailed(): void {
    const outputs = this.#recipe?.outputs ?? [];
    const failures = outputs.flatMap(({ key }) => this.#failures.get(key) ?? []);
    const [first] = failures;
    if (first !== undefined && failures.length === outputs.length) throw first;
  }

  /** The outputs that a person asked for, of the files that were published. */
  collectOutputs(files: readonly CheckedOutput[]): readonly JobOutput[] {
    if (this.#recipe === undefined) return files.map(({ output }) => output);
    return this.#recipe.outputs.flatMap(({ key }) =>
      this.#failures.has(key) ? [] : (mergeFiles(key, files) ?? []),
    );
  }

  /**
   * How each part ended.
   *
   * @param defaultFailure why those have failed that did not fail by themselves
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
