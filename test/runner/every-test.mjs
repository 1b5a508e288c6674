// Mocha requires TypeScript files, past the loader that strips their types; a module of its own imports them.
import { readdir } from "node:fs/promises";

const folder = new URL("..", import.meta.url);
/** A folder of tests, `.` for those beside the folders; all where none is named. */
const wanted = process.env.TEST_FOLDER;
const isWanted = (name) =>
  wanted === undefined || (wanted === "." ? !name.includes("/") : name.startsWith(`${wanted}/`));
const names = await readdir(folder, { recursive: true });
for (const name of names.sort())
  if (name.endsWith(".test.ts") && !name.endsWith(".full.test.ts") && isWanted(name))
    await import(new URL(name, folder).href);
