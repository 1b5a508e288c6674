// A process that runs test files one after the other, as its parent names them, and tells how each ended.
import { readFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { format } from "node:util";
import Mocha from "mocha";
import "./register.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { Base, Spec } = Mocha.reporters;
const timeout = Number(process.env.TEST_TIMEOUT_MS);

/** Lists tests as they end. Failures are told at the end of the whole run. */
class Listed extends Spec {
  epilogue() {}
}

/** Programs that tsx compiled, and what a process removes when it ends. */
const isKept = (name) => /^(tsx-\d+$|shared-)/.test(name);
/** Removes what a test file has left in the folder for temporary files, and tells the names. */
const removeLeft = async () => {
  const names = (await readdir(tmpdir())).filter((name) => !isKept(name));
  for (const name of names) await rm(join(tmpdir(), name), { recursive: true, force: true });
  return names;
};

/** CPU time of this process and of the children that it has waited for, by the kernel's count (proc(5), `stat`). */
const cpuSeconds = () => {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks / 100;
};

/** What mocha says while some work is done. */
const said = async (work) => {
  const lines = [];
  Base.consoleLog = (...words) => lines.push(format(...words));
  await work();
  return lines.join("\n");
};

const runFile = async (path) => {
  const mocha = new Mocha({ timeout, forbidOnly: true, forbidPending: true, reporter: Listed, color: false });
  const { constants } = Mocha.Suite;
  mocha.suite.emit(constants.EVENT_FILE_PRE_REQUIRE, globalThis, path, mocha);
  await import(pathToFileURL(`${root}${path}`).href);
  mocha.suite.emit(constants.EVENT_FILE_POST_REQUIRE, globalThis, path, mocha);
  const failures = [];
  let passed = 0;
  const text = await said(
    () =>
      new Promise((resolve) => {
        const runner = mocha.run(resolve);
        runner.on("pass", () => {
          passed += 1;
        });
        runner.on("fail", (test, error) => {
          test.err = error;
          failures.push(test);
        });
      }),
  );
  const account = await said(() => failures.length > 0 && Base.list(failures));
  if (passed + failures.length === 0) throw new Error(`${path} has no test.`);
  return { passed, failed: failures.length, text, account };
};

process.on("message", async (path) => {
  if (path === null) process.exit(0);
  const began = performance.now();
  const cpuBefore = cpuSeconds();
  const end = await runFile(path).catch((cause) => ({
    passed: 0,
    failed: 1,
    text: "",
    account: format(cause),
  }));
  const left = await removeLeft();
  if (left.length > 0) {
    end.failed += 1;
    const [first] = left;
    const others = left.length > 1 ? ` and ${left.length - 1} more` : "";
    end.account += `\n  leaves behind in the folder for temporary files: ${first}${others}`;
  }
  process.send({ ...end, seconds: (performance.now() - began) / 1000, cpuSeconds: cpuSeconds() - cpuBefore });
});
