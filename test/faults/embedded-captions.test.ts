import { describeEmbeddedCaptions } from "./describe-embedded-captions.ts";

describeEmbeddedCaptions("");
