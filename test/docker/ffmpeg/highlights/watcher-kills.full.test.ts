import { debianPrograms } from "../../../e2e/media-programs.ts";
import { describeWatcherKills } from "./describe-watcher-kills.ts";

describeWatcherKills(debianPrograms());
