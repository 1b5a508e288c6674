import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import * as z from "zod";
import type { Registry } from "../../terraform/image/registry.ts";

const imagesSchema = z.object({
  imageIds: z.tuple([z.union([z.object({ imageTag: z.string() }), z.object({ imageDigest: z.string() })])]),
});

/** Answers the calls of Amazon ECR's API that `openRegistry` makes, with another registry behind it. */
const answer = async (registry: Registry, action: string, body: unknown): Promise<object | undefined> => {
  switch (action) {
    case "DescribeRepositories":
      return { repositories: [{ repositoryUri: await registry.uri() }] };
    case "GetAuthorizationToken": {
      const { username, password } = await registry.getCredentials();
      const authorizationToken = Buffer.from(`${username}:${password}`).toString("base64");
      return { authorizationData: [{ authorizationToken }] };
    }
    case "DescribeImages": {
      const [id] = imagesSchema.parse(body).imageIds;
      const imageDigest = await registry.findDigest(
        "imageTag" in id ? { tag: id.imageTag } : { digest: id.imageDigest },
      );
      return imageDigest === undefined ? undefined : { imageDetails: [{ imageDigest }] };
    }
    default:
      throw new Error(`The endpoint does not answer ${action}.`);
  }
};

/** Starts an endpoint of Amazon ECR whose only repository is the given registry. */
export const startEcrEndpoint = async (registry: Registry) => {
  const server = createServer(async (request, response) => {
    const action = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    const body = await answer(registry, action, await json(request));
    response.writeHead(body === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(body ?? { __type: "ImageNotFoundException" }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
