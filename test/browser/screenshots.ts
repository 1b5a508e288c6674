// Makes the pictures of the page in docs/images (`npm run screenshots`). Needs ffmpeg and Chromium.
import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { createClient } from "../../runtime/client.ts";
import { pollUntil } from "../e2e/program.ts";
import { startHighlightsDemo } from "./highlights-demo-program.ts";
import { openPageSite } from "./page-site.ts";

const run = promisify(execFile);

/** Clips by key; each is a source filter of ffmpeg. */
const clips = {
  "course/01 Welcome.mkv": "mandelbrot=s=1280x720:r=25:end_scale=0.05:maxiter=500",
  "course/02 Fractals in nature.mkv":
    "mandelbrot=s=1280x720:r=25:start_x=-0.74453:start_y=0.12171:start_scale=0.02:end_scale=0.002:maxiter=700",
  "course/03 Seahorse valley.mkv":
    "mandelbrot=s=1280x720:r=25:start_x=-0.75:start_y=0.1:start_scale=0.2:end_scale=0.01:maxiter=600",
  "archive/1987 Harbour.mkv":
    "gradients=s=1280x720:r=25:c0=0x0b2545:c1=0x8da9c4:c2=0xeef4ed:nb_colors=3:speed=0.02",
  "archive/1991 Evening.mkv":
    "gradients=s=1280x720:r=25:c0=0x2b061e:c1=0xee4266:c2=0xffd23f:nb_colors=3:speed=0.02",
  "responses/Anna.mp4":
    "life=s=320x180:r=25:mold=20:ratio=0.2:death_color=#0b3954:life_color=#bfd7ea,scale=1280:720:flags=neighbor",
  "newsroom/Interview.mkv": "sierpinski=s=1280x720:r=25:type=triangle:jump=100",
} as const;

const jobsSchema = z.object({ jobs: z.array(z.object({ status: z.string() })) });
const videosSchema = z.object({ videos: z.array(z.object({ id: z.string(), title: z.string() })) });

const site = await openPageSite();
const folder = await mkdtemp(join(tmpdir(), "reelway-screenshots-"));
try {
  const client = createClient({ port: Number(new URL(site.origin).port) });
  for (const [key, source] of Object.entries(clips)) {
    const path = join(folder, key.replaceAll("/", "-"));
    const inputs = ["-f", "lavfi", "-i", source, "-f", "lavfi", "-i", "sine=f=330:r=48000"];
    await run("ffmpeg", [
      "-v",
      "error",
      ...inputs,
      "-t",
      "8",
      "-c:v",
      "libx264",
      "-pix_fmt",
      "yuv420p",
      "-c:a",
      "aac",
      path,
    ]);
    await client.upload({ path, key, bytes: (await stat(path)).size }, {}, { onProgress: () => undefined });
  }
  await pollUntil(async () => {
    const { jobs } = jobsSchema.parse(await (await fetch(`${site.origin}/jobs`)).json());
    const isFinished =
      jobs.length === Object.keys(clips).length && jobs.every(({ status }) => status === "Complete");
    return isFinished ? jobs : undefined;
  });
  const { videos } = videosSchema.parse(await (await fetch(`${site.origin}/videos`)).json());
  const id = videos.find(({ title }) => title.includes("Fractals"))?.id;
  const demo = await startHighlightsDemo();
  try {
    await demo.finished;
    const views = {
      library: `${site.origin}/`,
      upload: `${site.origin}/upload`,
      watch: `${site.origin}/watch/${id}`,
      highlights: demo.address,
    };
    const settings = {
      "": { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
      "-dark": { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
      "-phone": { viewport: { width: 390, height: 844 }, colorScheme: "light", deviceScaleFactor: 2 },
    } as const;
    for (const [view, url] of Object.entries(views))
      for (const [suffix, options] of Object.entries(settings)) {
        const context = await site.browser.newContext(options);
        const page = await context.newPage();
        await page.goto(url);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.waitForLoadState("networkidle");
        await page.screenshot({ path: `docs/images/page-${view}${suffix}.jpg`, type: "jpeg", quality: 85 });
        await context.close();
      }
  } finally {
    await demo.stop();
  }
} finally {
  await site.close();
  await rm(folder, { recursive: true, force: true });
}
