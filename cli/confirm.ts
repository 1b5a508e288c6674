import { createInterface } from "node:readline/promises";
import { WrongUsage } from "../pipeline/errors/user-error.ts";

/** Asks a person for a yes or a no. */
export type Confirm = (question: string) => Promise<boolean>;

/**
 * Asks on the terminal; anything but y or yes is a no.
 *
 * @param yes answers every question, as `--yes` does
 * @param signal ends the waiting for an answer
 * @throws WrongUsage where there is nobody to ask
 */
export const askPerson = (yes: boolean, signal: AbortSignal): Confirm => {
  if (yes) return async () => true;
  if (process.stdin.isTTY !== true)
    throw new WrongUsage(
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
