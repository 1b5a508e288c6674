import { debianPrograms, packagedPrograms } from "../e2e/media-programs.ts";
import { describePeaks } from "./describe-peaks.ts";

for (const programs of [packagedPrograms(), debianPrograms()]) describePeaks(programs, true);
