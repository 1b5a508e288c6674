import type { Review } from "./review.ts";

/** What is wrong with the addresses that a person allowed to be destroyed; empty where nothing is. */
export const checkAllowDestroy = (
  reviews: readonly Review[],
  allowDestroy: readonly string[],
): readonly string[] =>
  allowDestroy.flatMap((entry) => {
    const matches = reviews.flatMap((review) =>
      review.resources.flatMap(({ address, dataLoss }) =>
        dataLoss?.isGuarded === true && (address === entry || `${review.name}:${address}` === entry)
          ? [{ name: review.name, address }]
          : [],
      ),
    );
    const stacks = [...new Set(matches.map(({ name }) => name))];
    if (stacks.length > 1)
      return [`${entry} is destroyed in ${stacks.join(" and ")}: say which, e.g. ${stacks[0]}:${entry}`];
    if (matches.length > 0) return [];
    const isPlanned = reviews.some(({ resources }) => resources.some(({ address }) => address === entry));
    return [
      isPlanned
        ? `${entry} is not destroyed, or holds nothing that is guarded`
        : `no plan destroys a guarded resource ${entry}`,
    ];
  });
