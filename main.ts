import { synthesise } from "reelway/constructs";

await synthesise();
