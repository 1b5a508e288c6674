import { describeTranscoderJob } from "./describe-transcoder-job.ts";
import { packagedPrograms } from "./media-programs.ts";

describeTranscoderJob(packagedPrograms());
