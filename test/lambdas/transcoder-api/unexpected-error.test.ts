import { expect } from "chai";
import { createTranscoderApi } from "../../../lambdas/transcoder-api/app.ts";
import { limits, type Service, startService } from "./service.ts";

describe("an unexpected error of the transcoder API", () => {
  let service: Service;
  before(async () => {
    service = await startService();
  });
  after(() => service.close());

  it("is logged with its stack, and answered without it", async () => {
    const failure = new Error("Secret reelway-dev-transcoder-keys cannot be read", {
      cause: new TypeError("socket hang up"),
    });
    const logged: unknown[] = [];
    const app = createTranscoderApi({
      store: service.store,
      secrets: { readTranscoderKeys: () => Promise.reject(failure) },
      dispatcherQueue: service.dispatcher,
      scope: { region: "us-east-1", account: "000000000000" },
      limits,
      clock: service.clock,
      log: { ...service.log, error: (_message, details) => void logged.push(details) },
    });

    const response = await app.request("/2012-09-25/jobs/1111111111111-abcdef");

    expect(response.status).to.equal(500);
    expect(response.headers.get("x-amzn-errortype")).to.equal("InternalServiceException");
    expect(await response.text()).to.equal('{"message":"Internal error. Try again."}');
    expect(logged).to.deep.equal([{ error: failure }]);
  });
});
