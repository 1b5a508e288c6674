import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { Page } from "playwright-core";
import * as z from "zod";
import { findMediaPrograms } from "../../adapters/local/media-programs.ts";
import { bin, pollUntil, reelway } from "../e2e/program.ts";
import type { PageSite } from "./page-site.ts";

const run = promisify(execFile);
const listSchema = z.object({
  jobs: z.array(z.object({ id: z.string(), status: z.string(), source: z.object({ key: z.string() }) })),
});

/** Password of the users that `addUser` adds. */
export const password = "correct horse battery";

/** Duration of `makeFilm`'s video, seconds. */
export const filmSeconds = 22;
/** Seconds between two tiles of the sprite sheet. */
export const tileSeconds = 5;

/** Makes a video in whose sprite sheet every tile has another color: red, lime, blue, yellow, white. */
export const makeFilm = async (path: string): Promise<void> => {
  const colors = ["red", "lime", "blue", "yellow", "white"];
  // Colors change in the middle between two tiles.
  const clips = colors.flatMap((color, index) => [
    ...["-f", "lavfi", "-i"],
    `color=${color}:s=1280x720:r=24:d=${index === 0 ? tileSeconds / 2 : tileSeconds}`,
  ]);
  await run(findMediaPrograms("").ffmpeg, [
    ...["-v", "error", "-y", ...clips, "-f", "lavfi", "-i", `sine=d=${filmSeconds}`],
    ...[
      "-filter_complex",
      `${colors.map((_, index) => `[${index}:v]`).join("")}concat=n=${colors.length}[v]`,
    ],
    ...["-map", "[v]", "-map", `${colors.length}:a`, "-t", String(filmSeconds)],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", path],
  ]);
};

/** Makes a video with a subtitle track that has no text. @param title of the track */
export const makeVideoWithEmptySubtitles = async (path: string, title: string): Promise<void> => {
  const subtitles = `${path}.srt`;
  await writeFile(subtitles, "1\n00:00:00,500 --> 00:00:01,500\n{\\an8}\n");
  await run(findMediaPrograms("").ffmpeg, [
    ...["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=2", "-i", subtitles],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-c:s", "copy", "-metadata:s:s:0", `title=${title}`, path],
  ]);
};

/** Adds an operator. */
export const addUser = (site: PageSite, name: string): void => {
  execFileSync(process.execPath, [bin, "users", "add", name, "--operator", "--data", site.data], {
    input: `${password}\n`,
    stdio: ["pipe", "ignore", "pipe"],
  });
};

/** Uploads a file. @returns the id of its job */
export const uploadVideo = async (
  site: PageSite,
  path: string,
  ...options: readonly string[]
): Promise<string> => {
  const { code, stdout, stderr } = await reelway(["upload", path, ...options, "--data", site.data]);
  expect(code, stderr).to.equal(0);
  const id = /\S+$/.exec(stdout.trim())?.[0] ?? "";
  expect(id).to.match(/^[a-z2-7]{52}$/);
  return id;
};

/** Waits until a job has a status. */
export const waitForStatus = async (site: PageSite, id: string, status: string): Promise<void> => {
  await pollUntil(async () => {
    const { stdout } = await reelway(["jobs", "--json", "--data", site.data]);
    const job = listSchema.parse(JSON.parse(stdout)).jobs.find((other) => other.id === id);
    return job?.status === status ? job : undefined;
  });
};

/** Runs with a folder that is removed afterwards. */
export const withFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join("/tmp", "reelway-film-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const videoState = z.object({
  currentTime: z.number(),
  duration: z.number(),
  frames: z.number(),
  height: z.number(),
  muted: z.boolean(),
  paused: z.boolean(),
  rate: z.number(),
  ended: z.boolean(),
});

/** Reads the state of the page's main player. */
export const readPlayer = async (page: Page) =>
  videoState.parse(
    await page.evaluate(`(() => {
      const video = document.querySelector("media-controller video");
      const { currentTime, duration, videoHeight: height, muted, paused, playbackRate: rate, ended } = video;
      const frames = video.getVideoPlaybackQuality().totalVideoFrames;
      return { currentTime, duration: duration || 0, frames, height, muted, paused, rate, ended };
    })()`),
  );

/**
 * Waits until an expression is true in the page, whose policy forbids `page.waitForFunction` to evaluate it.
 *
 * @throws after 30 seconds
 */
export const waitForExpression = async (page: Page, expression: string): Promise<void> => {
  const isTrue = await page.evaluate(`new Promise((resolve) => {
    const endMs = performance.now() + 30_000;
    const check = () =>
      (${expression}) ? resolve(true) : performance.now() > endMs ? resolve(false) : requestAnimationFrame(check);
    check();
  })`);
  expect(isTrue, expression).to.equal(true);
};

/** Waits until an expression about the main player's element `video` is true. */
export const waitForPlayer = (page: Page, expression: string): Promise<void> =>
  waitForExpression(
    page,
    `((video) => video !== null && (${expression}))(document.querySelector("media-controller video"))`,
  );

/** Waits until the player can play. */
export const waitUntilPlayable = (page: Page): Promise<void> =>
  waitForPlayer(page, "video.readyState >= 2 && video.duration > 0");
