#!/usr/bin/env node
import { existsSync } from "node:fs";

// The SDK's warning about Node 20 would disturb the progress bars on stderr.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
// With source maps, stack traces have the lines of the TypeScript sources, but each module loads more slowly.
if (process.argv.includes("--verbose")) process.setSourceMapsEnabled(true);

const program = new URL("../dist/cli/reelway.js", import.meta.url);
if (existsSync(program)) await import(program.href);
else {
  process.stderr.write("reelway: The package is not compiled. To compile it: npm run build\n");
  process.exitCode = 1;
}
