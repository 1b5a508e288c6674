/** Two things that may be matched. */
export interface Pair {
  readonly first: number;
  readonly second: number;
  /** Positive. */
  readonly weight: number;
}

/** Rounding errors of sums of weights stay below. */
const tolerance = 1e-9;

interface Paths {
  /** Highest gain in weight of a path that ends at a second. */
  readonly gainOfSecond: ReadonlyMap<number, number>;
  /** The last pair of that path. */
  readonly lastPair: ReadonlyMap<number, Pair>;
}

/** Finds the paths that start at an unmatched first, and alternate between new and matched pairs (Bellman–Ford). */
const findPaths = (pairs: readonly Pair[], matches: ReadonlyMap<number, Pair>): Paths => {
  const matchedFirsts = new Set([...matches.values()].map(({ first }) => first));
  const gainOfFirst = new Map<number, number>();
  for (const { first } of pairs) if (!matchedFirsts.has(first)) gainOfFirst.set(first, 0);
  const gainOfSecond = new Map<number, number>();
  const lastPair = new Map<number, Pair>();
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    for (const pair of pairs) {
      const match = matches.get(pair.second);
      const gain = (gainOfFirst.get(pair.first) ?? Number.NEGATIVE_INFINITY) + pair.weight;
      if (match === pair || gain <= (gainOfSecond.get(pair.second) ?? Number.NEGATIVE_INFINITY) + tolerance)
        continue;
      hasChanged = true;
      gainOfSecond.set(pair.second, gain);
      lastPair.set(pair.second, pair);
      if (match !== undefined) gainOfFirst.set(match.first, gain - match.weight);
    }
  }
  return { gainOfSecond, lastPair };
};

/**
 * Matches one to one: as many pairs as possible, and of such selections one with the highest sum of weights.
 *
 * @param pairs the ones allowed
 */
export const matchPairs = (pairs: readonly Pair[]): readonly Pair[] => {
  /** By second. */
  const matches = new Map<number, Pair>();
  for (;;) {
    const { gainOfSecond, lastPair } = findPaths(pairs, matches);
    const [end] = [...gainOfSecond]
      .filter(([second]) => !matches.has(second))
      .reduce<readonly [second: number, gain: number] | readonly []>(
        (best, entry) => (best[1] === undefined || entry[1] > best[1] + tolerance ? entry : best),
        [],
      );
    if (end === undefined) return [...matches.values()];
    const pairOfFirst = new Map([...matches.values()].map((pair) => [pair.first, pair]));
    for (let pair = lastPair.get(end); pair !== undefined; ) {
      const previous = pairOfFirst.get(pair.first);
      matches.set(pair.second, pair);
      pair = previous === undefined ? undefined : lastPair.get(previous.second);
    }
  }
};
