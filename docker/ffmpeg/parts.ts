import type { JobOutput, WorkPart } from "../../pipeline/attempts/report.ts";
import { playlistPart } from "../../pipeline/elastic-transcoder/transcode/output-keys.ts";
import { failedMember } from "../../pipeline/elastic-transcoder/transcode/playlists.ts";
import type { TranscodeRecipe } from "../../pipeline/elastic-transcoder/transcode/transcode-recipe.ts";
import type { PlannedOutput } from "../../pipeline/encoding/plan.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";

/** A finished file with what was found in it. */
export interface CheckedOutput {
  readonly planned: PlannedOutput;
  readonly output: JobOutput;
}

/** The files of one part as the one output that a person asked for. */
const joined = (key: string, files: readonly CheckedOutput[]): JobOutput | undefined => {
  const own = files.filter(({ planned }) => planned.part === key && planned.beside !== true);
  if (own.length === 0) return undefined;
  // A playlist knows how long its segments last together; the first one shows what they hold.
  const listed = own.filter(({ planned }) => planned.durationSeconds !== undefined);
  const facts: Partial<JobOutput> = Object.assign(
    {},
    ...[...listed, ...own].map(({ output }) => output).reverse(),
  );
  return { ...facts, key, bytes: own.reduce((sum, { output }) => sum + output.bytes, 0) };
};

/** Which parts of an order have failed by themselves; a recipe that makes one thing has none. */
export class Parts {
  readonly #recipe: TranscodeRecipe | undefined;
  readonly #failed = new Map<string, JobFailure>();

  constructor(recipe: Recipe) {
    this.#recipe = recipe.name === "transcode" ? recipe : undefined;
  }

  /** Notes a failure; the first one of a part counts, and fails what needs the part. */
  fail(part: string, failure: JobFailure): void {
    if (this.#failed.has(part)) return;
    this.#failed.set(part, failure);
    for (const playlist of this.#recipe?.playlists ?? [])
      if (playlist.outputKeys.includes(part))
        this.fail(playlistPart(playlist), failedMember(playlist.name, part));
  }

  /**
   * A failure of one file: of its part, where it has one and the failure is not the attempt's.
   *
   * @throws the failure, where it is of the whole attempt
   */
  failFile({ part }: PlannedOutput, cause: unknown): void {
    if (part === undefined || !(cause instanceof JobFailure) || cause.retryable) throw cause;
    this.fail(part, cause);
  }

  hasFailed({ part }: PlannedOutput): boolean {
    return part !== undefined && this.#failed.has(part);
  }

  /** The recipe without the outputs that have failed already, so that nothing is spent on them. */
  remaining(recipe: Recipe): Recipe {
    if (recipe.name !== "transcode") return recipe;
    return {
      ...recipe,
      outputs: recipe.outputs.filter(({ key }) => !this.#failed.has(key)),
      playlists: (recipe.playlists ?? []).filter((playlist) => !this.#failed.has(playlistPart(playlist))),
    };
  }

  /** @throws the first failure where no output is left */
  throwIfAllFailed(): void {
    const outputs = this.#recipe?.outputs ?? [];
    const failures = outputs.flatMap(({ key }) => this.#failed.get(key) ?? []);
    const [first] = failures;
    if (first !== undefined && failures.length === outputs.length) throw first;
  }

  /** The outputs that a person asked for, of the files that were published. */
  outputs(files: readonly CheckedOutput[]): readonly JobOutput[] {
    if (this.#recipe === undefined) return files.map(({ output }) => output);
    return this.#recipe.outputs.flatMap(({ key }) =>
      this.#failed.has(key) ? [] : (joined(key, files) ?? []),
    );
  }

  /**
   * How each part ended.
   *
   * @param otherwise why those have failed that did not fail by themselves
   */
  report(outputs: readonly JobOutput[], otherwise?: JobFailure): readonly WorkPart[] | undefined {
    if (this.#recipe === undefined) return undefined;
    const errorOf = (part: string) => {
      const failure = this.#failed.get(part) ?? otherwise;
      return failure === undefined ? {} : { error: failure.toJSON() };
    };
    return [
      ...this.#recipe.outputs.map(({ key }): WorkPart => {
        const output = outputs.find((made) => made.key === key);
        return { key, ...(output === undefined ? {} : { output }), ...errorOf(key) };
      }),
      ...(this.#recipe.playlists ?? []).map(
        (playlist): WorkPart => ({ key: playlist.name, playlist: true, ...errorOf(playlistPart(playlist)) }),
      ),
    ];
  }
}
