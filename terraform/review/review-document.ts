import { type Counts, sumCounts } from "./action.ts";
import { type Phrase, plainText } from "./phrase.ts";
import type { Review } from "./review.ts";

interface Told {
  readonly sentence: Phrase;
}
const plain = <Item extends Told>(items: readonly Item[]) =>
  items.map((item) => ({ ...item, sentence: plainText(item.sentence) }));

/** Reviews as one JSON document; sentences in plain text, sensitive and unknown values as `(sensitive)` and so on. */
export const reviewDocument = (
  reviews: readonly Review[],
): { readonly blocked: boolean; readonly counts: Counts; readonly stacks: readonly unknown[] } => ({
  blocked: reviews.some(({ blocked }) => blocked.length > 0),
  counts: sumCounts(reviews.map(({ counts }) => counts)),
  stacks: reviews.map((review) => ({
    ...review,
    access: plain(review.access),
    driftedAccess: plain(review.driftedAccess),
    openings: plain(review.openings),
    protections: plain(review.protections),
  })),
});
