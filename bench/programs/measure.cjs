// Runs a program and tells what it took, its children included: CPU time, wall time, and its own peak of memory.
// usage: node measure.cjs REPORT PROGRAM ARGUMENT…
const { spawn } = require("node:child_process");
const { readFileSync, writeFileSync } = require("node:fs");

const [report, program, ...given] = process.argv.slice(2);
/** Linux tells times in hundredths of a second, whatever the kernel's own tick. */
const ticks = 100;
const childrenSeconds = () => {
  const line = readFileSync("/proc/self/stat", "utf8");
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / ticks;
};
const began = performance.now();
// Descriptor 3 is where ffmpeg is told to write its progress.
const child = spawn(program, given, { stdio: ["ignore", "inherit", "inherit", "ignore"] });
let peak = 0;
const watch = setInterval(() => {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
    if (found !== null) peak = Number(found[1]) * 1024;
  } catch {
    // It has ended; the last peak stands.
  }
}, 50);
child.on("exit", (code) => {
  clearInterval(watch);
  const wallSeconds = (performance.now() - began) / 1000;
  writeFileSync(
    report,
    JSON.stringify({ code: code ?? -1, wallSeconds, cpuSeconds: childrenSeconds(), peakBytes: peak }),
  );
});
