// Required by a program that is measured: notes the peak of its memory when it ends, in bytes, in a file of its own.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

process.on("exit", () => {
  const path = join(process.env.REELWAY_PEAKS, String(process.pid));
  writeFileSync(path, String(process.resourceUsage().maxRSS * 1024));
});
