import { createHmac } from "node:crypto";
import { expect } from "chai";
import { Webhook } from "standardwebhooks";
import {
  generateWebhookSecret,
  parseWebhookSecrets,
  signDelivery,
  WebhookSecretError,
} from "../../../pipeline/webhooks/signature.ts";

describe("the signature of a webhook", () => {
  const delivery = { id: "msg_1", body: '{"type":"job.complete","data":"ü"}' };

  it("is verified by the library, and is the HMAC of id, time and body", () => {
    const secret = generateWebhookSecret();
    const at = new Date();
    const headers = signDelivery(delivery, parseWebhookSecrets(`${secret}\n`, "secret s"), at);
    const content = `msg_1.${Math.floor(at.getTime() / 1000)}.${delivery.body}`;
    const key = Buffer.from(secret.replace("whsec_", ""), "base64");

    expect(new Webhook(secret).verify(delivery.body, headers)).to.deep.equal(JSON.parse(delivery.body));
    expect(headers["webhook-signature"]).to.equal(
      `v1,${createHmac("sha256", key).update(content).digest("base64")}`,
    );
    expect(() => new Webhook(generateWebhookSecret()).verify(delivery.body, headers)).to.throw();
    expect(() => new Webhook(secret).verify(`${delivery.body} `, headers)).to.throw();
  });

  it("is verified with either of two secrets during a rotation", () => {
    const secrets = [generateWebhookSecret(), generateWebhookSecret()];
    const headers = signDelivery(delivery, parseWebhookSecrets(secrets.join(" "), "secret s"), new Date());

    for (const secret of secrets)
      expect(new Webhook(secret).verify(delivery.body, headers)).to.deep.equal(JSON.parse(delivery.body));
  });

  it("needs one or two values of 24 to 64 bytes, and the error does not contain the value", () => {
    const encode = (bytes: number) => `whsec_${Buffer.alloc(bytes, "k").toString("base64")}`;
    for (const value of [encode(24), encode(64), `${encode(24)}  ${encode(32)}`])
      expect(parseWebhookSecrets(value, "secret s")).to.deep.equal(value.split("  "));
    for (const value of [
      "",
      "password-of-somebody",
      encode(23),
      encode(65),
      encode(32).slice(6),
      `${encode(32)}*`,
      [encode(32), encode(32), encode(32)].join(" "),
    ])
      expect(() => parseWebhookSecrets(value, "secret s"), value)
        .to.throw(WebhookSecretError, /^The value of the secret s cannot sign webhooks\. /)
        .with.property("message")
        .that.does.not.include(value === "" ? "undefined" : value);
  });
});
