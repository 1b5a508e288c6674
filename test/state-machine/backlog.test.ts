import { describeBacklog } from "./describe-backlog.ts";

describeBacklog({ uploads: 120, maxJobsPerHour: 25, stepMinutes: 5, hasRefusals: true });
