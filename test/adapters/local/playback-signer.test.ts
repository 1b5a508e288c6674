import { randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { createLocalPlaybackSigner } from "../../../adapters/local/playback-signer.ts";

const segment = fc
  .array(fc.constantFrom(..."*?# %'\"&+;=().ab", "é", "日"), { minLength: 1, maxLength: 6 })
  .map((characters) => characters.join(""))
  .filter((text) => text !== "." && text !== "..");
const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join("/"));

describe("the playback signer of one machine", () => {
  const nowMs = Date.parse("2026-11-29T12:00:00Z");
  const expiresAt = new Date(nowMs + 1000);
  const secret = randomBytes(32);
  const open = (now = nowMs, signingKey: Uint8Array = secret) =>
    createLocalPlaybackSigner({ key: signingKey, now: () => now });
  const signQuery = async (signedKey: string) =>
    new URL(await open().signUrl(signedKey, expiresAt), "http://localhost").searchParams;
  const signCookies = async (folder: string): Promise<string> =>
    (await open().signFolder(folder, expiresAt)).map(({ name, value }) => `${name}=${value}`).join("; ");

  it("signs the URL of exactly one object", () =>
    fc.assert(
      fc.asyncProperty(key, key, async (signedKey, otherKey) => {
        const url = new URL(await open().signUrl(signedKey, expiresAt), "http://localhost");
        expect(decodeURIComponent(url.pathname)).to.equal(`/output/${signedKey}`);
        expect(open().verifyUrl(signedKey, url.searchParams)).to.equal("valid");
        fc.pre(signedKey !== otherKey);
        expect(open().verifyUrl(otherKey, url.searchParams)).to.equal("invalid");
      }),
    ));

  it("signs cookies for exactly one folder", () =>
    fc.assert(
      fc.asyncProperty(key, key, segment, async (folder, otherFolder, name) => {
        const header = `a=b; ${await signCookies(`${folder}/`)}`;
        expect(open().verifyCookies(`${folder}/${name}`, header)).to.equal("valid");
        fc.pre(!`${otherFolder}/`.startsWith(`${folder}/`));
        expect(open().verifyCookies(`${otherFolder}/${name}`, header)).to.equal("invalid");
      }),
    ));

  it("sets the cookie for the folder's path", async () => {
    const [cookie] = await open().signFolder("ladder/a*b; ü.mp4/", expiresAt);

    expect(cookie?.name).to.equal("reelway_playback");
    expect(cookie?.path).to.equal("/output/ladder/a%2Ab%3B%20%C3%BC.mp4/");
    expect(cookie?.value).to.match(/^[\w.-]+$/);
  });

  it("tells expired, altered, foreign and missing signatures apart", async () => {
    const query = await signQuery("a.mp4");
    const later = open(nowMs + 1000);
    expect(later.verifyUrl("a.mp4", query)).to.equal("expired");
    const altered = new URLSearchParams({ ...Object.fromEntries(query), expires: "9999999999" });
    expect(later.verifyUrl("a.mp4", altered)).to.equal("invalid");
    expect(open(nowMs, randomBytes(32)).verifyUrl("a.mp4", query)).to.equal("invalid");
    expect(open().verifyUrl("a.mp4", new URLSearchParams([...query, ["other", ""]]))).to.equal("invalid");
    expect(open().verifyUrl("a.mp4", new URLSearchParams("v=1"))).to.equal("missing");

    const header = await signCookies("a/");
    expect(later.verifyCookies("a/b", header)).to.equal("expired");
    expect(later.verifyCookies("a/b", header.replace(/\.\d+\./, ".9999999999."))).to.equal("invalid");
    expect(open(nowMs, randomBytes(32)).verifyCookies("a/b", header)).to.equal("invalid");
    expect(open().verifyCookies("a/b", "reelway_playback=")).to.equal("invalid");
    expect(open().verifyCookies("a/b", "reelway_session=a")).to.equal("missing");
  });

  it("takes the signature of an object for no folder, and the reverse", async () => {
    const query = await signQuery("a/");
    const folder = Buffer.from("a/").toString("base64url");
    const forged = `reelway_playback=${folder}.${query.get("expires")}.${query.get("signature")}`;

    expect(open().verifyCookies("a/b", forged)).to.equal("invalid");
  });

  it("accepts the cookie of one of several folders", async () => {
    const header = `${await signCookies("a/b/")}; ${await signCookies("a/c/")}`;

    expect(open().verifyCookies("a/c/d", header)).to.equal("valid");
  });
});
