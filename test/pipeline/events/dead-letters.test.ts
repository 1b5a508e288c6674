import { expect } from "chai";
import {
  classifyDeadLetter,
  type DeadLetterQueue,
  getErrorCode,
} from "../../../pipeline/events/dead-letters.ts";
import { openClaimEnvelope, parseUploadEvents } from "../../../pipeline/events/upload.ts";
import {
  buildDeadLetter,
  directFailure,
  schedulerFailure,
  stoppedTask,
  uploadEvent,
} from "./dead-letter-samples.ts";

const router: DeadLetterQueue = { name: "router-dlq", origin: "queue", target: "router" };
const directRoute: DeadLetterQueue = { name: "route-web-dlq", origin: "direct-route", target: "router" };
const invocations: DeadLetterQueue = { name: "reconciler-dlq", origin: "invocations" };

describe("a message of a dead-letter queue", () => {
  it("of a queue goes back to the queue as it is, whoever sent it", () => {
    for (const event of [uploadEvent, stoppedTask, "not JSON"]) {
      const { body } = buildDeadLetter(event);
      expect(classifyDeadLetter({ body }, router)).to.deep.equal({ kind: "requeue", target: "router", body });
    }
  });

  it("of a direct route goes to the router as an operator's claim of all routes", () => {
    const action = classifyDeadLetter(buildDeadLetter(uploadEvent, directFailure), directRoute);
    if (action.kind !== "direct-upload") throw new Error(action.kind);
    const { event, triggers } = openClaimEnvelope(action.body);
    expect([action.target, triggers]).to.deep.equal(["router", "all"]);
    expect(parseUploadEvents(event)).to.deep.equal(parseUploadEvents(uploadEvent));
  });

  it("of a direct route stays if it is not an upload", () => {
    for (const event of [stoppedTask, {}, "not JSON"])
      expect(classifyDeadLetter(buildDeadLetter(event, directFailure), directRoute)).to.deep.equal({
        kind: "unknown",
      });
  });

  it("from a schedule is deleted in every queue", () => {
    const letter = buildDeadLetter({ schedule: "reelway-dev-reconciler" }, schedulerFailure);
    for (const queue of [invocations, router, directRoute])
      expect(classifyDeadLetter(letter, queue)).to.deep.equal({ kind: "schedule" });
  });

  it("of functions stays if no schedule sent it", () => {
    for (const event of [uploadEvent, { schedule: 1 }, { schedule: "x", more: 1 }])
      expect(classifyDeadLetter(buildDeadLetter(event), invocations)).to.deep.equal({ kind: "unknown" });
  });

  it("has the error code of EventBridge, Scheduler or Lambda", () => {
    const readCode = (attributes?: Record<string, string>) => getErrorCode(buildDeadLetter({}, attributes));
    expect(readCode(directFailure)).to.equal("NO_PERMISSIONS");
    expect(readCode(schedulerFailure)).to.equal("AWS.Lambda.TooManyRequestsException");
    expect(readCode({ RequestID: "1", ErrorCode: "200", ErrorMessage: "Task timed out" })).to.equal("200");
    expect(readCode()).to.equal(undefined);
  });
});
