import { debianPrograms, packagedPrograms } from "../e2e/media-programs.ts";
import { describeAudio } from "./describe-audio.ts";

for (const programs of [packagedPrograms(), debianPrograms()]) describeAudio(programs, true);
