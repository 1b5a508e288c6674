import { S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import sinon from "sinon";
import { createS3ObjectStore } from "../../../adapters/aws/object-store.ts";
import { createRoleCredentials } from "../../../adapters/aws/role-credentials.ts";
import { withStoreFailures } from "../../../docker/ffmpeg/failures/failure.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { type ScriptedService, startScriptedService } from "./scripted-service.ts";

const role = "arn:aws:iam::111122223333:role/films";
const options = { roleArn: role, sessionName: "reelway-1111111111111-abcdef" };
const answered = (status: number, name: string, message: string) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
const denied = answered(403, "AccessDenied", "User is not authorized to perform: sts:AssumeRole on films");

describe("role credentials", () => {
  const client = new STSClient({ region: "us-east-1" });
  let send: sinon.SinonStub;
  beforeEach(() => {
    send = sinon.stub(client, "send");
  });
  afterEach(() => sinon.restore());

  const credentialsResponse = (accessKeyId: string, seconds: number) => ({
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: "secret",
      SessionToken: "token",
      Expiration: new Date(Date.now() + seconds * 1000),
    },
  });
  const refused = async (cause: unknown): Promise<StoreFailure> => {
    send.callsFake(async (command: unknown) => {
      if (command instanceof AssumeRoleCommand) throw cause;
      return { Arn: "arn:aws:sts::444455556666:assumed-role/reelway-dev-ffmpeg-task/0123" };
    });
    const failure: unknown = await createRoleCredentials(client, options)().catch((error: unknown) => error);
    if (failure instanceof StoreFailure) return failure;
    throw failure;
  };

  it("requests credentials by role and session for one hour", async () => {
    const answer = credentialsResponse("ASIAFILMS", 3600);
    send.resolves(answer);
    expect(await createRoleCredentials(client, options)()).to.deep.equal({
      accessKeyId: "ASIAFILMS",
      secretAccessKey: "secret",
      sessionToken: "token",
      expiration: answer.Credentials.Expiration,
    });
    expect(send.firstCall.args[0].input).to.deep.equal({
      RoleArn: role,
      RoleSessionName: "reelway-1111111111111-abcdef",
      DurationSeconds: 3600,
    });
  });

  it("names the role, the worker and the missing permission if denied", async () => {
    const failure = await refused(denied);
    expect([failure.kind, failure.retryable]).to.deep.equal(["assume-role", false]);
    expect(failure.message).to.equal(
      `Role ${role} of the pipeline cannot be assumed: User is not authorized to perform: sts:AssumeRole on films. Allow arn:aws:iam::444455556666:role/reelway-dev-ffmpeg-task to call sts:AssumeRole in the role's trust policy (for a role in another account, also in the caller's own policy), or set another role on the pipeline. Then create the job again.`,
    );
  });

  it("describes the worker's task role if STS does not name it", async () => {
    send.callsFake(async (command: unknown) => {
      throw command instanceof GetCallerIdentityCommand ? new Error("no") : denied;
    });
    const failure = await createRoleCredentials(client, options)().catch(String);
    expect(failure).to.include(
      "Allow the worker's task role to call sts:AssumeRole in the role's trust policy",
    );
  });

  const faults: readonly (readonly [Error, string])[] = [
    [answered(400, "Throttling", "Rate exceeded"), "transient"],
    [answered(400, "ExpiredTokenException", "The security token is expired"), "transient"],
    [answered(500, "InternalFailure", "Try again"), "transient"],
    [Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }), "transient"],
    [new Error("Could not load credentials from any providers"), "transient"],
    [answered(400, "ValidationError", "1 validation error: roleArn"), "assume-role"],
    [answered(403, "RegionDisabledException", "STS is not activated in this region"), "assume-role"],
  ];
  for (const [cause, kind] of faults)
    it(`classifies ${cause.name} (${cause.message}) as ${kind}`, async () => {
      expect((await refused(cause)).kind).to.equal(kind);
    });

  describe("in an S3 client", () => {
    let service: ScriptedService;
    beforeEach(async () => {
      service = await startScriptedService(() => ({ headers: { ETag: '"e"' } }));
    });
    afterEach(() => service.close());
    const store = () =>
      createS3ObjectStore(
        new S3Client({ ...service.client, credentials: createRoleCredentials(client, options) }),
      );
    const signingKeys = () =>
      service.calls.map(
        ({ headers }) => /Credential=(\w+)\//.exec(String(headers.authorization))?.[1] ?? "none",
      );

    it("signs requests and reuses credentials while they are valid", async () => {
      send.resolves(credentialsResponse("ASIAONE", 3600));
      const objects = store();
      await objects.head({ bucket: "films", key: "a" });
      await objects.head({ bucket: "films", key: "b" });
      expect({ keysSeen: signingKeys(), callCount: send.callCount }).to.deep.equal({
        keysSeen: ["ASIAONE", "ASIAONE"],
        callCount: 1,
      });
      expect(service.calls[0]?.headers["x-amz-security-token"]).to.equal("token");
    });

    it("refreshes credentials five minutes before they expire", async () => {
      const clock = sinon.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
      send.onFirstCall().resolves(credentialsResponse("ASIAOLD", 3600));
      send.onSecondCall().resolves(credentialsResponse("ASIANEW", 7200));
      const objects = store();
      await objects.head({ bucket: "films", key: "a" });
      clock.setSystemTime(Date.now() + 54 * 60_000);
      await objects.head({ bucket: "films", key: "b" });
      clock.setSystemTime(Date.now() + 2 * 60_000);
      await objects.head({ bucket: "films", key: "c" });
      expect(signingKeys()).to.deep.equal(["ASIAOLD", "ASIAOLD", "ASIANEW"]);
    });

    it("ends the job with 2000 if the role cannot be assumed, before any request to S3", async () => {
      send.rejects(denied);
      const failure: unknown = await withStoreFailures("output", "Reading the metadata of output a.mp4", () =>
        store().head({ bucket: "films", key: "a.mp4" }),
      ).catch((error: unknown) => error);
      if (!(failure instanceof JobFailure)) throw failure;
      expect(failure.toJobError()).to.deep.include({
        code: 2000,
        name: "CannotAssumeRole",
        retryable: false,
      });
      expect(failure.message).to.include(
        `Reading the metadata of output a.mp4: Role ${role} of the pipeline cannot`,
      );
      expect(service.calls).to.deep.equal([]);
    });

    it("leaves the job to another attempt if STS fails", async () => {
      send.rejects(answered(503, "ServiceUnavailable", "busy"));
      const failure: unknown = await withStoreFailures("source", "Looking at a.mp4", () =>
        store().head({ bucket: "films", key: "a.mp4" }),
      ).catch((error: unknown) => error);
      if (!(failure instanceof JobFailure)) throw failure;
      expect(failure.toJobError()).to.deep.include({ code: 3000, retryable: true });
    });
  });
});
