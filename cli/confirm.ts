import { createInterface } from "node:readline/promises";
import { UsageError } from "../pipeline/errors/errors.ts";

/** Asks a yes/no question. */
export type ConfirmPrompt = (question: string) => Promise<boolean>;

/**
 * Creates a prompt on the terminal; any answer except y or yes counts as no.
 *
 * @param assumeYes answers yes without asking, for `--yes`
 * @param signal cancels a pending question, which then counts as no
 * @param review how to see what would be changed: a sentence without its period
 * @throws UsageError if standard input is not a terminal
 */
export const createConfirmPrompt = (
  assumeYes: boolean,
  signal: AbortSignal,
  review = "Review the changes with reelway plan",
): ConfirmPrompt => {
  if (assumeYes) return async () => true;
  if (process.stdin.isTTY !== true)
    throw new UsageError(
      `Standard input is not a terminal, so the confirmation cannot be asked. ${review}, then pass --yes.`,
    );
  return async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await terminal.question(`${question} [y/N] `, { signal });
      return /^y(es)?$/i.test(answer.trim());
    } catch (cause) {
      if (signal.aborted) return false;
      throw cause;
    } finally {
      terminal.close();
    }
  };
};
