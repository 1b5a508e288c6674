import { writeFile } from "node:fs/promises";
import { renderPages } from "./pages.ts";

// `npm run docs`: writes the generated pages.
for (const [path, text] of Object.entries(await renderPages())) {
  await writeFile(new URL(`../../${path}`, import.meta.url), text);
  process.stdout.write(`${path}\n`);
}
