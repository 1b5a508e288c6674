import { debianPrograms } from "../e2e/media-programs.ts";
import { describeSeeking } from "./describe-seeking.ts";

describeSeeking(debianPrograms());
