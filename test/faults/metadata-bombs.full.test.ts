import { debianPrograms, packagedPrograms } from "../e2e/media-programs.ts";
import { describeMetadataBombs } from "./describe-metadata-bombs.ts";

describeMetadataBombs(packagedPrograms());
describeMetadataBombs(debianPrograms());
