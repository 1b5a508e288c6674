import { describeBacklog } from "./describe-backlog.ts";

describeBacklog({ uploads: 10_000, maxJobsPerHour: 1000, stepMinutes: 20, hasRefusals: false });
