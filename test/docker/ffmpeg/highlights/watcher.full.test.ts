import { debianPrograms } from "../../../e2e/media-programs.ts";
import { describeWatcher } from "./describe-watcher.ts";

describeWatcher(debianPrograms());
