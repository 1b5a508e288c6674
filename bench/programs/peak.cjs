// Loaded into a measured program: writes its peak memory, in bytes, to a file when it exits.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

process.on("exit", () => {
  const path = join(process.env.REELWAY_PEAKS, String(process.pid));
  writeFileSync(path, String(process.resourceUsage().maxRSS * 1024));
});
