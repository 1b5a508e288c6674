import type { Review } from "./review.ts";

/** Checks the values of --allow-destroy; returns one message per invalid value. */
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
      return [`${entry} is destroyed in ${stacks.join(" and ")}; add the stack, e.g. ${stacks[0]}:${entry}`];
    if (matches.length > 0) return [];
    const isPlanned = reviews.some(({ resources }) => resources.some(({ address }) => address === entry));
    return [
      isPlanned
        ? `${entry} is not destroyed, or is not a stateful resource`
        : `no plan destroys a stateful resource ${entry}`,
    ];
  });
