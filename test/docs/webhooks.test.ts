import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import * as z from "zod";
import { generateWebhookSecret, signDelivery } from "../../pipeline/webhooks/signature.ts";

const moduleSchema = z.object({
  verify: z.custom<(body: string, headers: Readonly<Record<string, string>>, secret: string) => boolean>(
    (value) => typeof value === "function",
  ),
});

describe("docs/webhooks.md", () => {
  it("verifies a signature by hand, and refuses an altered body, another secret and an old request", async () => {
    const page = await readFile(new URL("../../docs/webhooks.md", import.meta.url), "utf8");
    const [code, ...others] = [...page.matchAll(/```js\n(.*?)```/gs)].flatMap(([, text = ""]) =>
      text.includes("export const verify") ? [text] : [],
    );
    const folder = await mkdtemp(join(tmpdir(), "reelway-docs-"));
    try {
      await writeFile(join(folder, "verify.mjs"), code ?? "");
      const { verify } = moduleSchema.parse(await import(pathToFileURL(join(folder, "verify.mjs")).href));
      const secrets = [generateWebhookSecret(), generateWebhookSecret()];
      const delivery = { id: "msg_1", body: '{"name":"ü"}' };
      const headers = signDelivery(delivery, secrets, new Date());
      const old = signDelivery(delivery, secrets, new Date(Date.now() - 301_000));

      expect(others).to.deep.equal([]);
      expect(secrets.map((secret) => verify(delivery.body, headers, secret))).to.deep.equal([true, true]);
      expect(verify(`${delivery.body} `, headers, secrets[0] ?? "")).to.equal(false);
      expect(verify(delivery.body, headers, generateWebhookSecret())).to.equal(false);
      expect(verify(delivery.body, old, secrets[0] ?? "")).to.equal(false);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
