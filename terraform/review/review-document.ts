import { type ActionCounts, sumCounts } from "./action.ts";
import { type Phrase, toPlainText } from "./phrase.ts";
import type { Review } from "./review.ts";

interface SentenceHolder {
  readonly sentence: Phrase;
}
const toPlainSentences = <Item extends SentenceHolder>(items: readonly Item[]) =>
  items.map((item) => ({ ...item, sentence: toPlainText(item.sentence) }));

/** Converts reviews to one JSON document: sentences in plain text, sensitive values as `(sensitive)`, unknown ones as `(known after apply)`. */
export const buildReviewDocument = (
  reviews: readonly Review[],
): { readonly blocked: boolean; readonly counts: ActionCounts; readonly stacks: readonly unknown[] } => ({
  blocked: reviews.some(({ blockedAddresses }) => blockedAddresses.length > 0),
  counts: sumCounts(reviews.map(({ counts }) => counts)),
  stacks: reviews.map((review) => ({
    ...review,
    access: toPlainSentences(review.access),
    accessDrift: toPlainSentences(review.accessDrift),
    exposures: toPlainSentences(review.exposures),
    lostProtections: toPlainSentences(review.lostProtections),
  })),
});
