import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { endProcesses } from "../../../docker/ffmpeg/programs/media-processes.ts";

/** Root only may start and end another user's processes; no other process of the machine has this one. */
const user = { uid: 54_321, gid: 54_321 };

describe("processes that media programs leave behind", () => {
  it("are ended with their children, even if they ignore SIGTERM and have a session of their own", async () => {
    const program = "trap '' TERM HUP; setsid sh -c \"trap '' TERM; echo started; sleep 600\"";
    const parent = spawn("/bin/sh", ["-c", program], { ...user, stdio: ["ignore", "pipe", "ignore"] });
    const exited = once(parent, "exit");
    // The child has the same output: it ends when both have exited.
    const closed = once(parent.stdout, "close");
    await once(createInterface({ input: parent.stdout }), "line");

    await endProcesses(user);

    expect((await exited)[1]).to.equal("SIGKILL");
    await closed;
  });

  it("need not exist", async () => {
    await endProcesses(user);
  });
});
