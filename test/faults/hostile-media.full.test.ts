import { describeHostileMedia } from "./describe-hostile-media.ts";

describeHostileMedia("/usr/bin");
