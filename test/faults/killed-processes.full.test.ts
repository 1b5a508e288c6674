import { describeKilledProcesses } from "./describe-killed-processes.ts";

describeKilledProcesses([10, 50, 90]);
