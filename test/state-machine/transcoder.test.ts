import { describeTranscoderFaults } from "./describe-transcoder-faults.ts";

describeTranscoderFaults("the first call of each kind");
