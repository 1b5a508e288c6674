import { debianPrograms } from "../../../e2e/media-programs.ts";
import { describeFrameReader } from "./describe-frame-reader.ts";

describeFrameReader(debianPrograms);
