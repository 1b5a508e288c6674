import { debianPrograms } from "../e2e/media-programs.ts";
import { describeHdr } from "./describe-hdr.ts";

describeHdr(debianPrograms(), 4);
