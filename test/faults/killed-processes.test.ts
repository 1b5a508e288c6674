import { describeKilledProcesses } from "./describe-killed-processes.ts";

describeKilledProcesses([50]);
