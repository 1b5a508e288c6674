import { debianPrograms } from "../../../e2e/media-programs.ts";
import { describeClipJobs } from "./describe-clip-jobs.ts";

describeClipJobs(debianPrograms());
