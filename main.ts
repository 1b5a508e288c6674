import { synthesize } from "reelway/constructs";

await synthesize();
