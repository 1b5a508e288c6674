import { describeRestartingClock } from "./describe-restarting-clock.ts";

describeRestartingClock("/usr/bin");
