import { execFileSync } from "node:child_process";
import { type Browser, chromium } from "playwright-core";

/**
 * Debian's Chromium, without a window. PulseAudio's client gets no folder for its socket: it would leave one in the
 * folder for temporary files and a link to it in the home folder. Audio plays without a device.
 */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim(),
    args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
    env: { ...process.env, PULSE_RUNTIME_PATH: "/dev/null/pulse" },
  });
