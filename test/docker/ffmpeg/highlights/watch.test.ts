import { packagedPrograms } from "../../../e2e/media-programs.ts";
import { describeWatch } from "./describe-watch.ts";

describeWatch(packagedPrograms);
