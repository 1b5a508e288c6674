import { describeCapabilities } from "./describe-capabilities.ts";

describeCapabilities("");
