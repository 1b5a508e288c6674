import { dirname, relative } from "node:path";
import { getElapsedSeconds, getOutputSeconds } from "../../pipeline/api/job-document.ts";
import type { JobOutput } from "../../pipeline/attempts/report.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { formatBytes, formatSeconds, formatSpeed } from "../../pipeline/text/format.ts";
import { escapeHtml, toRelativeUrl } from "./markup.ts";
import { getOutputKind } from "./output-kind.ts";
import type { Posters } from "./posters.ts";
import { reportStyle } from "./report-style.ts";
import type { DemoResult } from "./result.ts";

type Property = readonly [name: string, value: string | undefined];

const renderProperties = (entries: readonly Property[]): string => {
  const rows = entries.flatMap(([name, value]) =>
    value === undefined ? [] : [`<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`],
  );
  return `<dl>${rows.join("")}</dl>`;
};

const formatOptionalSeconds = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : formatSeconds(value);
const formatDimensions = (width: number | undefined, height: number | undefined): string | undefined =>
  width === undefined || height === undefined ? undefined : `${width} × ${height}`;

const renderSourceProperties = (bytes: number, probe: Probe | undefined): string =>
  renderProperties([
    ["Size", formatBytes(bytes)],
    ["Format", probe?.formats.join(", ")],
    ["Duration", formatOptionalSeconds(probe?.durationSeconds)],
    ["Dimensions", formatDimensions(probe?.video?.width, probe?.video?.height)],
    [
      "Rotation",
      probe?.video === undefined || probe.video.rotation === 0 ? undefined : `${probe.video.rotation}°`,
    ],
    [
      "Frame rate",
      probe?.video?.frameRate === undefined ? undefined : `${Number(probe.video.frameRate.toFixed(3))}/s`,
    ],
    ["Video", probe?.video?.codec],
    [
      "Audio",
      probe?.audio === undefined
        ? undefined
        : `${probe.audio.codec}, ${probe.audio.channels} channel${probe.audio.channels === 1 ? "" : "s"}, ${probe.audio.sampleRate} Hz`,
    ],
  ]);

const renderOutputProperties = (output: JobOutput): string =>
  renderProperties([
    ["Size", formatBytes(output.bytes)],
    ["Duration", formatOptionalSeconds(getOutputSeconds(output))],
    ["Dimensions", formatDimensions(output.width, output.height)],
    ["Video", output.videoCodec],
    ["Audio", output.audioCodec],
  ]);

const renderPlayer = (output: JobOutput, url: string, poster: string | undefined): string => {
  const label = escapeHtml(output.key);
  switch (getOutputKind(output)) {
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

/** Where the report finds what it shows. */
interface ReportFolder {
  /** Folder of the page; all URLs are relative to it. */
  readonly root: string;
  readonly posters: Posters;
}

const renderOutput = (output: JobOutput, result: DemoResult, { root, posters }: ReportFolder): string => {
  const { [output.key]: path } = result.paths;
  const { [output.key]: poster } = posters;
  const url = (target: string): string => escapeHtml(toRelativeUrl(relative(root, target)));
  return [
    '<div class="output">',
    `<h3>${escapeHtml(output.key)}</h3>`,
    path === undefined ? "" : renderPlayer(output, url(path), poster === undefined ? undefined : url(poster)),
    renderOutputProperties(output),
    "</div>",
  ].join("");
};

const renderStreamingNote = (result: DemoResult): string =>
  result.job.outputs.some(({ key }) => key.endsWith(".m3u8"))
    ? '<p class="soft">Manifests need a server to play. The renditions are shown here instead, audio separately.</p>'
    : "";

const renderJob = (result: DemoResult, folder: ReportFolder): string => {
  const { job, probe, file } = result;
  const elapsed = getElapsedSeconds(job);
  return `<section class="job">
<header><h2>${escapeHtml(job.source.key)}</h2>
<span class="status ${job.status}">${job.status}</span>
<span class="soft">route ${escapeHtml(job.route ?? "none")} · ${escapeHtml(job.engine ?? "no engine")} · ${formatSeconds(elapsed)} · speed ${formatSpeed(elapsed, probe?.durationSeconds)}</span></header>
${job.error === null ? "" : `<p class="error">${job.error.code} ${escapeHtml(job.error.name)}: ${escapeHtml(job.error.message)}</p>`}
<div class="body"><div class="source"><h3>Source</h3><a href="${escapeHtml(toRelativeUrl(relative(folder.root, file)))}">${escapeHtml(file.slice(dirname(file).length + 1))}</a>
${renderSourceProperties(job.source.bytes, probe)}${renderStreamingNote(result)}</div>
<div class="outputs">${job.outputs.map((output) => renderOutput(output, result, folder)).join("\n")}</div></div>
</section>`;
};

/** Renders the demo report: one HTML page that opens from disk, with every output playable. */
export const renderReport = (results: readonly DemoResult[], folder: ReportFolder): string => {
  const completeCount = results.filter(({ job }) => job.status === "Complete").length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Reelway: ${completeCount} of ${results.length} jobs complete</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>Reelway</h1>
<p class="soft">${completeCount} of ${results.length} jobs complete.</p>
${results.map((result) => renderJob(result, folder)).join("\n")}
</main>
</body>
</html>
`;
};
