import { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { removeVersions } from "../../../adapters/aws/object-removal.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { type Answer, type Call, type ScriptedService, startScriptedService } from "./scripted-service.ts";

const buildXmlAnswer = (body: string, status = 200): Answer => ({
  status,
  headers: { "Content-Type": "application/xml" },
  body: `<?xml version="1.0"?>${body}`,
});
const first = buildXmlAnswer(
  `<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>a/2</NextKeyMarker><NextVersionIdMarker>v2</NextVersionIdMarker>
   <Version><Key>a/1</Key><VersionId>v1</VersionId></Version>
   <DeleteMarker><Key>a/2</Key><VersionId>v2</VersionId></DeleteMarker></ListVersionsResult>`,
);
const second = buildXmlAnswer(
  `<ListVersionsResult><IsTruncated>false</IsTruncated>
   <Version><Key>a/2</Key><VersionId>v3</VersionId></Version></ListVersionsResult>`,
);
const emptyResult = buildXmlAnswer("<DeleteResult/>");
const refused = buildXmlAnswer(
  "<DeleteResult><Error><Key>a/2</Key><VersionId>v3</VersionId><Code>AccessDenied</Code><Message>held</Message></Error></DeleteResult>",
);

describe("the removal of all versions under a prefix", () => {
  let service: ScriptedService | undefined;
  afterEach(() => service?.close());
  const remove = async (answer: (call: Call, number: number) => Answer | undefined) => {
    service = await startScriptedService(answer);
    return removeVersions(new S3Client(service.client), "bucket", "a/");
  };

  it("reads every page, deletes versions and delete markers, and reports what S3 kept", async () => {
    const answers = [first, emptyResult, second, refused];
    expect(await remove((_, number) => answers[number])).to.deep.equal({
      removedCount: 2,
      failures: [{ key: "a/2", versionId: "v3", reason: "held" }],
    });
    const calls = service?.calls ?? [];
    expect(
      calls.map(({ method, query }) => [method, query.get("prefix"), query.get("key-marker")]),
    ).to.deep.equal([
      ["GET", "a/", null],
      ["POST", null, null],
      ["GET", "a/", "a/2"],
      ["POST", null, null],
    ]);
    expect(calls[2]?.query.get("version-id-marker")).to.equal("v2");
    expect(calls[1]?.body.toString()).to.match(/a\/1.*v1.*a\/2.*v2/s);
  });

  it("sends no request if nothing matches", async () => {
    expect(await remove(() => buildXmlAnswer("<ListVersionsResult/>"))).to.deep.equal({
      removedCount: 0,
      failures: [],
    });
    expect(service?.calls).to.have.length(1);
  });

  it("fails if listing is denied, and rejects an empty prefix", async () => {
    const failure = await remove(() =>
      buildXmlAnswer("<Error><Code>AccessDenied</Code><Message>no</Message></Error>", 403),
    ).catch((cause: unknown) => cause);
    expect(failure).to.be.instanceOf(StoreFailure).and.include({ kind: "denied" });
    const emptyPrefixError = await removeVersions(new S3Client({}), "bucket", "").catch(
      (cause: unknown) => cause,
    );
    expect(emptyPrefixError).to.be.instanceOf(RangeError);
  });
});
