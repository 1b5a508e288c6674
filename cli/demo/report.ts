import { dirname, relative } from "node:path";
import type { JobOutput } from "../../pipeline/attempts/report.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { formatBytes, formatMultiple, formatSeconds } from "../../pipeline/text/format.ts";
import { contentTypeOf } from "../../pipeline/uploads/content-type.ts";
import { elapsedSeconds } from "../job-document.ts";
import { outputSeconds } from "../render/outputs.ts";
import { escapeHtml, relativeUrl } from "./markup.ts";
import { reportStyle } from "./report-style.ts";
import type { DemoResult } from "./result.ts";

type Property = readonly [name: string, value: string | undefined];

const properties = (entries: readonly Property[]): string => {
  const rows = entries.flatMap(([name, value]) =>
    value === undefined ? [] : [`<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`],
  );
  return `<dl>${rows.join("")}</dl>`;
};

const seconds = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : formatSeconds(value);
const size = (width: number | undefined, height: number | undefined): string | undefined =>
  width === undefined || height === undefined ? undefined : `${width} × ${height}`;

const sourceProperties = (bytes: number, probe: Probe | undefined): string =>
  properties([
    ["Size", formatBytes(bytes)],
    ["Format", probe?.formats.join(", ")],
    ["Duration", seconds(probe?.durationSeconds)],
    ["Dimensions", size(probe?.video?.width, probe?.video?.height)],
    [
      "Turned",
      probe?.video === undefined || probe.video.rotation === 0 ? undefined : `${probe.video.rotation}°`,
    ],
    [
      "Frame rate",
      probe?.video?.frameRate === undefined ? undefined : `${Number(probe.video.frameRate.toFixed(3))}/s`,
    ],
    ["Video", probe?.video?.codec],
    [
      "Sound",
      probe?.audio === undefined
        ? undefined
        : `${probe.audio.codec}, ${probe.audio.channels} channel${probe.audio.channels === 1 ? "" : "s"}, ${probe.audio.sampleRate} Hz`,
    ],
  ]);

const outputProperties = (output: JobOutput): string =>
  properties([
    ["Size", formatBytes(output.bytes)],
    ["Duration", seconds(outputSeconds(output))],
    ["Dimensions", size(output.width, output.height)],
    ["Video", output.videoCodec],
    ["Sound", output.audioCodec],
  ]);

const kindOf = (output: JobOutput): "video" | "audio" | "image" | "file" => {
  const type = contentTypeOf(output.key);
  if (type.startsWith("image/")) return "image";
  if (type.startsWith("video/"))
    return output.videoCodec === undefined && output.audioCodec !== undefined ? "audio" : "video";
  return type.startsWith("audio/") ? "audio" : "file";
};

/** The poster that was made beside a video, if one was. */
const posterOf = (output: JobOutput, outputs: readonly JobOutput[]): JobOutput | undefined =>
  outputs.find(({ key }) => key === `${output.key.slice(0, output.key.lastIndexOf("/") + 1)}poster.jpg`);

const player = (output: JobOutput, url: string, poster: string | undefined): string => {
  const label = escapeHtml(output.key);
  switch (kindOf(output)) {
    case "video":
      return `<video controls playsinline preload="metadata" src="${url}"${poster === undefined ? "" : ` poster="${poster}"`} aria-label="${label}"></video>`;
    case "audio":
      return `<audio controls preload="metadata" src="${url}" aria-label="${label}"></audio>`;
    case "image":
      return `<img loading="lazy" src="${url}" alt="${label}">`;
    case "file":
      return `<a href="${url}">Open</a>`;
  }
};

const renderOutput = (output: JobOutput, result: DemoResult, root: string): string => {
  const path = result.paths[output.key];
  const url = (target: string): string => escapeHtml(relativeUrl(relative(root, target)));
  const poster = posterOf(output, result.job.outputs);
  const posterPath = poster === undefined ? undefined : result.paths[poster.key];
  return [
    '<div class="output">',
    `<h3>${escapeHtml(output.key)}</h3>`,
    path === undefined
      ? ""
      : player(output, url(path), posterPath === undefined ? undefined : url(posterPath)),
    outputProperties(output),
    "</div>",
  ].join("");
};

const streamingNote = (result: DemoResult): string =>
  result.job.outputs.some(({ key }) => key.endsWith(".m3u8"))
    ? '<p class="soft">Manifests need a server to play; here are the renditions they are made of, sound by itself.</p>'
    : "";

const renderJob = (result: DemoResult, root: string): string => {
  const { job, probe, file } = result;
  const elapsed = elapsedSeconds(job);
  return `<section class="job">
<header><h2>${escapeHtml(job.source.key)}</h2>
<span class="status ${job.status}">${job.status}</span>
<span class="soft">route ${escapeHtml(job.route ?? "none")} · ${escapeHtml(job.engine ?? "no engine")} · ${formatSeconds(elapsed)} · ${formatMultiple(elapsed, probe?.durationSeconds)} real time</span></header>
${job.error === null ? "" : `<p class="error">${job.error.code} ${escapeHtml(job.error.name)}: ${escapeHtml(job.error.message)}</p>`}
<div class="body"><div class="source"><h3>Source</h3><a href="${escapeHtml(relativeUrl(relative(root, file)))}">${escapeHtml(file.slice(dirname(file).length + 1))}</a>
${sourceProperties(job.source.bytes, probe)}${streamingNote(result)}</div>
<div class="outputs">${job.outputs.map((output) => renderOutput(output, result, root)).join("\n")}</div></div>
</section>`;
};

/**
 * The report of a demo: one page that opens from its file, with every output playable in place.
 *
 * @param root the page's folder; all addresses are relative to it
 */
export const renderReport = (results: readonly DemoResult[], root: string): string => {
  const complete = results.filter(({ job }) => job.status === "Complete").length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Reelway: ${complete} of ${results.length} jobs complete</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>Reelway</h1>
<p class="soft">${complete} of ${results.length} jobs complete.</p>
${results.map((result) => renderJob(result, root)).join("\n")}
</main>
</body>
</html>
`;
};
