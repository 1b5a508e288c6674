import { describeStalls } from "./describe-stalls.ts";

describeStalls("");
