import { readFileSync } from "node:fs";
import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";
import data from "../../pipeline/elastic-transcoder/presets/system-presets.json" with { type: "json" };
import { systemPresets } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { errorNames } from "../../pipeline/errors/job-error.ts";
import { codesOfRefused, operations, unusedCodes } from "./operations.ts";

/** A test's finding about one field of one operation. */
export interface FieldFinding {
  readonly operation: string;
  /** e.g. `Outputs[].Key` */
  readonly field: string;
  readonly treatment: "supported" | "recorded only" | "refused";
  /** The reason, or the service's message. */
  readonly constraint: string;
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
const renderMarkdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");

/** Fields of one structure with the same treatment in one row. */
const fieldRows = (findings: readonly FieldFinding[]): readonly (readonly string[])[] => {
  const rows: { group: string; fields: string[]; finding: FieldFinding }[] = [];
  for (const finding of findings) {
    const split = finding.field.lastIndexOf(".");
    const group = split < 0 ? "" : finding.field.slice(0, split);
    const name = finding.field.slice(split + 1);
    const same = rows.find(
      (row) =>
        row.group === group &&
        row.finding.treatment === finding.treatment &&
        row.finding.constraint === finding.constraint,
    );
    if (same === undefined) rows.push({ group, fields: [name], finding });
    else same.fields.push(name);
  }
  return rows.map(({ group, fields, finding }) => [
    `${group === "" ? "" : `${group}: `}${fields.join(", ")}`,
    finding.treatment,
    finding.constraint,
  ]);
};

const derived = new Map(
  data.Presets.map((preset) => [preset.Id, "$unsourced" in preset ? preset.$unsourced : undefined]),
);
const presetRow = ({ Id, Name, Container, Video, Audio }: Preset): readonly string[] => {
  const unsourced = derived.get(Id) ?? [];
  const guessed = [...unsourced, ...(Video === undefined ? ["Audio.CodecOptions"] : [])];
  return [
    Id,
    Name.replace("System preset: ", ""),
    Container,
    Video?.Codec ?? "–",
    Audio?.Codec ?? "–",
    guessed.length === 0 ? "" : guessed.join(", "),
  ];
};

const introduction = (): string =>
  readFileSync(new URL("introduction.md", import.meta.url), "utf8").trimEnd();

/** The content of docs/elastic-transcoder.md. */
export const conformanceDocument = (findings: readonly FieldFinding[]): string => {
  const requests = [...new Set(findings.map(({ operation }) => operation))];
  const refusedCodes = Object.entries(codesOfRefused).map(([codes, feature]) => [
    codes,
    "not given",
    `${feature}: refused at CreateJob`,
  ]);
  const otherCodes = Object.entries(unusedCodes).map(([code, why]) => [code, "not given", why]);
  const codes = Object.entries(errorNames).map(([code, name]) => [code, "given", name]);
  return `${introduction()}

## Operations

Each was called through \`@aws-sdk/client-elastic-transcoder\`, with success and with an error.

${renderMarkdownTable(
  ["Operation", "Request", "Success"],
  operations.map(([name, route, status]) => [name, `\`${route}\``, String(status)]),
)}

## Fields of requests

Every field that the SDK knows. _Supported_: carried out. _Recorded only_: kept and shown again. _Refused_: a ValidationException names the field; nothing is accepted and ignored.

${requests
  .map(
    (operation) =>
      `### ${operation}\n\n${renderMarkdownTable(
        ["Field", "Treatment", "Note"],
        fieldRows(findings.filter((finding) => finding.operation === operation)),
      )}`,
  )
  .join("\n\n")}

## Error codes of jobs and outputs

${renderMarkdownTable(
  ["Code", "", "Meaning"],
  [...codes, ...otherCodes, ...refusedCodes].sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1)),
)}

## System presets

All ${systemPresets.length} encode with Debian's ffmpeg 5.1 and with the packaged build of 2018. _Derived_: not found in a published source, but taken from the preset's name and the documented defaults.

${renderMarkdownTable(["Id", "Name", "Container", "Video", "Audio", "Derived"], systemPresets.map(presetRow))}

Retired ids that old jobs may still name, and the preset that stands for each:

${renderMarkdownTable(["Retired id", "Preset"], Object.entries(data.DeprecatedPresetIds).sort())}
`;
};
