import { packagedPrograms } from "../../../e2e/media-programs.ts";
import { describeWatcher } from "./describe-watcher.ts";

describeWatcher(packagedPrograms());
