/** A term that the project no longer uses, and the standard one. */
export interface RetiredTerm {
  /** Matched against the words of an identifier: `toldJob` has the words `told` and `job`. */
  readonly words: readonly string[];
  readonly use: string;
}

const term = (words: string, use: string): RetiredTerm => ({ words: words.split(" "), use });

/** Words of identifiers. Two words in a row match where they follow one another. */
export const retiredIdentifiers: readonly RetiredTerm[] = [
  term("lost queue", "deadLetterQueue"),
  term("hidden seconds", "visibilityTimeoutSeconds"),
  term("ledger", "attemptStore"),
  term("halt", "attemptAborted"),
  term("end badly", "handleFailure"),
  term("true cause", "classifyFailure"),
  term("told", "error, report or notification"),
  term("tell", "report or notify"),
  term("given", "the name of the value"),
  term("asked", "requested"),
  term("picture", "video or image"),
  term("pictures", "videos or images"),
  term("sound", "audio"),
  term("give up", "failOutput"),
  term("breadth", "claimConcurrency"),
  term("courtesy", "initialReadDelayMs"),
  term("may pass", "isTransient"),
  term("most together", "maxOutputsPerProcess"),
  term("circumstances", "jobContext"),
  term("estate", "resourceGraph"),
  term("companions", "relatedTo"),
  term("holdings", "policyGrants"),
  term("standing", "deployedStack"),
  term("patience", "timeouts"),
  term("ticks", "interval"),
  term("settling", "what it does"),
  term("settle", "closeJob or completeJob"),
  term("untold", "unnotified"),
  term("cold after", "glacierTransitionDays"),
  term("kick", "dispatchRequest"),
  term("synthesise", "synthesize"),
  term("synthesised", "synthesized"),
  term("synthesising", "synthesizing"),
];

/** Phrases of messages, help and other text, and what to write instead. */
export const retiredPhrases: readonly (readonly [pattern: RegExp, use: string])[] = [
  [/\bthere (?:is|are) none\b/i, "say what is missing"],
  [/\bis told\b/i, "receives, or is notified"],
  [/\bwhat stands\b/i, "what is deployed"],
  [/\bleft alone\b/i, "started directly by EventBridge, or skipped"],
  [/\bnothing is to be done\b/i, "No action needed"],
  [/\buntold\b/i, "unnotified"],
  [/-lost\b/, "-dlq"],
  [/synthesis(?:e|ing)/i, "synthesize"],
];
