import { packagedPrograms } from "../e2e/media-programs.ts";
import { describeClipCutting } from "./describe-clip-cutting.ts";

describeClipCutting(packagedPrograms());
