import type { Review } from "./review.ts";

/** What is wrong with the addresses that a person allowed to be destroyed; empty where nothing is. */
export const allowanceMistakes = (
  reviews: readonly Review[],
  allowed: readonly string[],
): readonly string[] =>
  allowed.flatMap((given) => {
    const guarded = reviews.flatMap((review) =>
      review.resources.flatMap(({ address, loses }) =>
        loses?.guarded === true && (address === given || `${review.name}:${address}` === given)
          ? [{ name: review.name, address }]
          : [],
      ),
    );
    const stacks = [...new Set(guarded.map(({ name }) => name))];
    if (stacks.length > 1)
      return [`${given} is destroyed in ${stacks.join(" and ")}: say which, e.g. ${stacks[0]}:${given}`];
    if (guarded.length > 0) return [];
    const known = reviews.some(({ resources }) => resources.some(({ address }) => address === given));
    return [
      known
        ? `${given} is not destroyed, or holds nothing that is guarded`
        : `no plan destroys a guarded resource ${given}`,
    ];
  });
