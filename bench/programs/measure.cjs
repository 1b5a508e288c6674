// Runs a program and measures wall time, CPU time with its children, and the program's peak memory.
// usage: node measure.cjs REPORT PROGRAM ARGUMENT…
const { spawn } = require("node:child_process");
const { readFileSync, writeFileSync } = require("node:fs");

const [report, program, ...programArguments] = process.argv.slice(2);
/** Linux reports times in hundredths of a second, independent of the kernel's tick. */
const ticksPerSecond = 100;
const readChildrenSeconds = () => {
  const line = readFileSync("/proc/self/stat", "utf8");
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
};
const began = performance.now();
// ffmpeg writes its progress to descriptor 3.
const child = spawn(program, programArguments, { stdio: ["ignore", "inherit", "inherit", "ignore"] });
let peak = 0;
const watch = setInterval(() => {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
    if (found !== null) peak = Number(found[1]) * 1024;
  } catch {
    // The program has ended; the last peak is used.
  }
}, 50);
child.on("exit", (code) => {
  clearInterval(watch);
  const wallSeconds = (performance.now() - began) / 1000;
  writeFileSync(
    report,
    JSON.stringify({ code: code ?? -1, wallSeconds, cpuSeconds: readChildrenSeconds(), peakBytes: peak }),
  );
});
