import { packagedPrograms } from "../e2e/media-programs.ts";
import { describeAudio } from "./describe-audio.ts";

describeAudio(packagedPrograms(), false);
