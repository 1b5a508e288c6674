/** A row that fails on the present code. */
export interface KnownFailure {
  readonly input: string;
  readonly recipe: string;
  readonly property: string;
  /** Absent: with both builds. */
  readonly build?: string;
}

/** Rows that fail, each until the code is right. The page lists them. */
export const knownFailures: readonly KnownFailure[] = [];

/** Whether a row is in the list. */
export const isKnownFailure = (
  { input, recipe, property, build }: Required<KnownFailure>,
  failures: readonly KnownFailure[] = knownFailures,
): boolean =>
  failures.some(
    (failure) =>
      failure.input === input &&
      failure.recipe === recipe &&
      failure.property === property &&
      (failure.build === undefined || failure.build === build),
  );
