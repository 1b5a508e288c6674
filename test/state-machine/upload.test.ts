import { describeUploadFaults } from "./describe-upload-faults.ts";

describeUploadFaults("the first call of each kind");
