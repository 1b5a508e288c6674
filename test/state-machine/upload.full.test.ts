import { describeUploadFaults } from "./describe-upload-faults.ts";

describeUploadFaults("every call");
