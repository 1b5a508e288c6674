import { describeTranscoderFaults } from "./describe-transcoder-faults.ts";

describeTranscoderFaults("every call");
