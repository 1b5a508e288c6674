import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import fc from "fast-check";
import sinon from "sinon";
import { createCloudFrontPlaybackSigner } from "../../../adapters/aws/playback-signer.ts";
import { cacheSite, type Site } from "../../../adapters/aws/site-parameter.ts";
import { PlaybackUnavailable } from "../../../pipeline/ports/playback-signer.ts";
import { describePublicKey } from "../../../terraform/playback/key-record.ts";

const createKey = () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { ...describePublicKey(pem), privateKey: pem };
};

const origin = "https://d111111abcdef8.cloudfront.net";
const expiresAt = new Date("2030-01-01T00:00:00.400Z");
const expiresAtSeconds = 1_893_456_000;

/** Decodes base64 with CloudFront's replacements for characters that a URL cannot have. */
const decodeBase64 = (text: string): Buffer =>
  Buffer.from(text.replaceAll("-", "+").replaceAll("_", "=").replaceAll("~", "/"), "base64");

/** CloudFront's rule for a `Resource`: `*` is zero or more characters, `?` exactly one, everything else itself. */
const matchesResource = (resource: string, url: string): boolean =>
  new RegExp(
    `^${resource
      .replaceAll(/[\\^$.|+()[\]{}]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "s",
  ).test(url);

interface Policy {
  readonly Statement: readonly {
    readonly Resource: string;
    readonly Condition: { readonly DateLessThan: { readonly "AWS:EpochTime": number } };
  }[];
}

/** What CloudFront does with a request: whether its URL or its cookies allow it. */
const createCloudFront = (publicKeys: Readonly<Record<string, string>>) => {
  const isSigned = (policy: string | Buffer, signature: string, keyPairId: string): boolean => {
    const pem = publicKeys[keyPairId];
    return (
      pem !== undefined &&
      verify("sha256", Buffer.from(policy), createPublicKey(pem), decodeBase64(signature))
    );
  };
  return {
    /** Verifies a canned policy, which CloudFront builds from the URL of the request. */
    allowsUrl(requestUrl: string): boolean {
      const [resource = "", query = ""] = requestUrl.split("?");
      const parameters = new URLSearchParams(query);
      if (parameters.get("Hash-Algorithm") !== "SHA256") return false;
      const policy = `{"Statement":[{"Resource":"${resource}","Condition":{"DateLessThan":{"AWS:EpochTime":${parameters.get("Expires")}}}}]}`;
      return isSigned(policy, parameters.get("Signature") ?? "", parameters.get("Key-Pair-Id") ?? "");
    },
    /** Verifies the custom policy of cookies. */
    allowsCookies(requestUrl: string, cookies: Readonly<Record<string, string>>): boolean {
      const policy = decodeBase64(cookies["CloudFront-Policy"] ?? "");
      const signature = cookies["CloudFront-Signature"] ?? "";
      if (cookies["CloudFront-Hash-Algorithm"] !== "SHA256") return false;
      if (!isSigned(policy, signature, cookies["CloudFront-Key-Pair-Id"] ?? "")) return false;
      const { Statement } = JSON.parse(policy.toString()) as Policy;
      return (
        Statement.length === 1 && Statement.every(({ Resource }) => matchesResource(Resource, requestUrl))
      );
    },
  };
};

/** A browser's URL of an object. */
const toRequestUrl = (key: string): string =>
  `${origin}/output/${key
    .split("/")
    .map((segment) => encodeURIComponent(segment).replaceAll("*", "%2A"))
    .join("/")}`;

const segment = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(..."*?# %'\"&+;=()!~\\[]{}|^.") },
      fc.constantFrom("a", "b", "é", "日", "🎬", "\u00a0"),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((characters) => characters.join(""))
  .filter((text) => text !== "." && text !== "..");
const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join("/"));

describe("CloudFront's playback signer", () => {
  const [oldKey, newKey] = [createKey(), createKey()];
  const client = new SecretsManagerClient({ region: "us-east-1" });
  const cloudFront = createCloudFront({ KOLD: oldKey.pem, KNEW: newKey.pem });
  let nowMs: number;
  let site: Site | undefined;
  let siteReads: number;
  let send: sinon.SinonStub;
  const store = (...keys: (typeof oldKey)[]) =>
    send.resolves({
      SecretString: JSON.stringify({
        keys: keys.map(({ fingerprint, privateKey }) => ({ fingerprint, privateKey })),
      }),
    });
  const open = () =>
    createCloudFrontPlaybackSigner({
      secrets: client,
      secretId: "reelway-dev-playback",
      site: cacheSite(
        async () => {
          siteReads += 1;
          return site;
        },
        () => nowMs,
      ),
      nowMs: () => nowMs,
    });
  const deploy = (keyIds: Readonly<Record<string, string>>) => {
    site = { domainName: new URL(origin).hostname, keyIds: { ...keyIds } };
  };
  const signCookies = async (folder: string) =>
    Object.fromEntries(
      (await open().signFolder(folder, expiresAt)).map(({ name, value }) => [name, value] as const),
    );
  const getKeyId = (url: string) => new URL(url).searchParams.get("Key-Pair-Id");

  beforeEach(() => {
    nowMs = 0;
    siteReads = 0;
    send = sinon.stub(client, "send");
    store(oldKey);
    deploy({ [oldKey.fingerprint]: "KOLD" });
  });
  afterEach(() => sinon.restore());

  it("signs the URL of exactly one object, by a canned policy with SHA-256", async () => {
    const url = await open().signUrl("movies/a b*?.mp4", expiresAt);

    const { pathname, searchParams, origin: urlOrigin } = new URL(url);
    expect(urlOrigin).to.equal(origin);
    expect(decodeURIComponent(pathname)).to.equal("/output/movies/a b*?.mp4");
    expect([...searchParams.keys()].sort()).to.deep.equal([
      "Expires",
      "Hash-Algorithm",
      "Key-Pair-Id",
      "Signature",
    ]);
    expect(searchParams.get("Expires")).to.equal(String(expiresAtSeconds));
    expect(cloudFront.allowsUrl(url)).to.equal(true);
    const altered = url.replace(`Expires=${expiresAtSeconds}`, `Expires=${expiresAtSeconds + 1}`);
    expect(cloudFront.allowsUrl(altered)).to.equal(false);
    const foreignKey = createCloudFront({ KOLD: newKey.pem });
    expect(foreignKey.allowsUrl(url)).to.equal(false);
  });

  it("signs URLs that no other key has", async () => {
    const signer = open();
    await fc.assert(
      fc.asyncProperty(key, key, async (signedKey, otherKey) => {
        const url = await signer.signUrl(signedKey, expiresAt);
        expect(decodeURIComponent(new URL(url).pathname)).to.equal(`/output/${signedKey}`);
        expect(new URL(url).href).to.equal(url);
        expect(cloudFront.allowsUrl(url)).to.equal(true);
        fc.pre(otherKey !== signedKey);
        const otherUrl = await signer.signUrl(otherKey, expiresAt);
        const query = url.slice(url.indexOf("?"));
        expect(cloudFront.allowsUrl(`${otherUrl.split("?")[0]}${query}`)).to.equal(false);
      }),
      { numRuns: 150 },
    );
  });

  it("signs cookies for the objects of one folder, by a custom policy", async () => {
    const cookies = await open().signFolder("ladder/a*b?.mp4/", expiresAt);

    expect(cookies.map(({ name }) => name).sort()).to.deep.equal([
      "CloudFront-Hash-Algorithm",
      "CloudFront-Key-Pair-Id",
      "CloudFront-Policy",
      "CloudFront-Signature",
    ]);
    expect(new Set(cookies.map(({ path }) => path))).to.deep.equal(new Set(["/output/ladder/a%2Ab%3F.mp4/"]));
    const policy = cookies.find(({ name }) => name === "CloudFront-Policy")?.value ?? "";
    expect(JSON.parse(decodeBase64(policy).toString())).to.deep.equal({
      Statement: [
        {
          Resource: `${origin}/output/ladder/a%2Ab%3F.mp4/*`,
          Condition: { DateLessThan: { "AWS:EpochTime": expiresAtSeconds } },
        },
      ],
    });
  });

  it("signs folders of which no other folder is part", async () => {
    const signer = open();
    await fc.assert(
      fc.asyncProperty(key, key, segment, async (folder, otherFolder, name) => {
        const signed = await signer.signFolder(`${folder}/`, expiresAt);
        const cookies = Object.fromEntries(signed.map((cookie) => [cookie.name, cookie.value] as const));
        for (const cookie of signed) expect(cookie.value).to.match(/^[\w~-]+$/);
        expect(cloudFront.allowsCookies(toRequestUrl(`${folder}/${name}`), cookies)).to.equal(true);
        fc.pre(!`${otherFolder}/`.startsWith(`${folder}/`));
        expect(cloudFront.allowsCookies(toRequestUrl(`${otherFolder}/${name}`), cookies)).to.equal(false);
      }),
      { numRuns: 150 },
    );
  });

  it("does not let a wildcard in a folder's name open its neighbors", async () => {
    const cookies = await signCookies("ladder/*/");

    expect(cloudFront.allowsCookies(toRequestUrl("ladder/*/master.m3u8"), cookies)).to.equal(true);
    expect(cloudFront.allowsCookies(toRequestUrl("ladder/a.mp4/master.m3u8"), cookies)).to.equal(false);
    expect(cloudFront.allowsCookies(toRequestUrl("ladder/*"), cookies)).to.equal(false);
  });

  it("signs with a new key as soon as CloudFront has it, and not before", async () => {
    const signer = open();
    store(newKey, oldKey);
    const before = await signer.signUrl("a.mp4", expiresAt);
    deploy({ [newKey.fingerprint]: "KNEW", [oldKey.fingerprint]: "KOLD" });
    nowMs += 60_000;
    const after = await signer.signUrl("a.mp4", expiresAt);

    expect([getKeyId(before), getKeyId(after)]).to.deep.equal(["KOLD", "KNEW"]);
    expect(cloudFront.allowsUrl(after)).to.equal(true);
    expect({ siteReads, secretReads: send.callCount }).to.deep.equal({ siteReads: 2, secretReads: 1 });
  });

  it("reads the secret again if CloudFront has none of the cached keys", async () => {
    const signer = open();
    await signer.signUrl("a.mp4", expiresAt);
    store(newKey);
    deploy({ [newKey.fingerprint]: "KNEW" });
    nowMs += 60_000;

    expect(getKeyId(await signer.signUrl("a.mp4", expiresAt))).to.equal("KNEW");
  });

  it("explains why nothing can be signed", async () => {
    site = undefined;
    const missingSite = await open()
      .signUrl("a.mp4", expiresAt)
      .catch((cause: unknown) => cause);
    deploy({});
    const missingKey = await open()
      .signFolder("a/", expiresAt)
      .catch((cause: unknown) => cause);

    expect(missingSite)
      .to.be.instanceOf(PlaybackUnavailable)
      .with.property("message")
      .that.includes("site is not deployed")
      .and.includes("npx reelway deploy --only site");
    expect(missingKey)
      .to.be.instanceOf(PlaybackUnavailable)
      .with.property("message")
      .that.includes("none of the playback keys")
      .and.includes("npx reelway playback-keys rotate");
  });
});
