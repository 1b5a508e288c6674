import { packagedPrograms } from "../e2e/media-programs.ts";
import { describePeaks } from "./describe-peaks.ts";

describePeaks(packagedPrograms(), false);
