import { packagedPrograms } from "../e2e/media-programs.ts";
import { describeHdr } from "./describe-hdr.ts";

// The zscale of 2018 applies HLG's system gamma to each channel: neutral colors are right, saturated ones too saturated.
describeHdr(packagedPrograms(), 64);
