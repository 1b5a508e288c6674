import { describeTranscoderJob } from "./describe-transcoder-job.ts";
import { debianPrograms } from "./media-programs.ts";

describeTranscoderJob(debianPrograms());
