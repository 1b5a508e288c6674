import { debianPrograms } from "../e2e/media-programs.ts";
import { describeCandidates } from "./describe-candidates.ts";

describeCandidates(debianPrograms());
