import { text } from "node:stream/consumers";
import { read } from "read";
import { parsePassword } from "../pipeline/access/password.ts";
import { UsageError } from "../pipeline/errors/errors.ts";

/** Reads a new password: twice from a terminal, without echo, else all of standard input. @throws UsageError */
export const readNewPassword = async (): Promise<string> => {
  if (!process.stdin.isTTY) return parsePassword((await text(process.stdin)).replace(/\r?\n$/, ""));
  const ask = (prompt: string) => read({ prompt, silent: true, output: process.stderr });
  const password = parsePassword(await ask("New password: "));
  if ((await ask("Repeat the password: ")) !== password)
    throw new UsageError("The passwords differ. Run the command again.");
  return password;
};
