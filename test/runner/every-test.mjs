// Mocha requires TypeScript files, past the loader that strips their types; a module of its own imports them.
import { readdir } from "node:fs/promises";

const folder = new URL("..", import.meta.url);
const names = await readdir(folder, { recursive: true });
for (const name of names.sort())
  if (name.endsWith(".test.ts") && !name.endsWith(".full.test.ts")) await import(new URL(name, folder).href);
