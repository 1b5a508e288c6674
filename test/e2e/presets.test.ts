import { systemPresets } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { describePresets } from "./describe-presets.ts";
import { packagedPrograms } from "./media-programs.ts";

/** One of each container, codec and sizing that the system presets have. The full suite has all presets. */
const kinds = new Set([
  "1351620000001-000061",
  "1351620000001-100070",
  "1351620000001-100130",
  "1351620000001-100160",
  "1351620000001-100200",
  "1351620000001-100210",
  "1351620000001-100240",
  "1351620000001-100260",
  "1351620000001-200050",
  "1351620000001-200055",
  "1351620000001-200071",
  "1351620000001-300040",
  "1351620000001-300110",
  "1351620000001-300200",
  "1351620000001-400080",
  "1351620000001-500050",
  "1351620000001-500060",
]);

describePresets(
  packagedPrograms(),
  systemPresets.filter(({ Id }) => kinds.has(Id)),
);
