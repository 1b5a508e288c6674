import { createInterface } from "node:readline/promises";
import { UsageError } from "../pipeline/errors/errors.ts";

/** Asks a person for a yes or a no. */
export type ConfirmPrompt = (question: string) => Promise<boolean>;

/**
 * Asks on the terminal; anything but y or yes is a no.
 *
 * @param assumeYes answers every question, as `--yes` does
 * @param signal ends the waiting for an answer
 * @throws UsageError where there is nobody to ask
 */
export const createConfirmPrompt = (assumeYes: boolean, signal: AbortSignal): ConfirmPrompt => {
  if (assumeYes) return async () => true;
  if (process.stdin.isTTY !== true)
    throw new UsageError(
      "There is no terminal to ask on. Look at the changes with reelway plan; --yes applies them.",
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
