import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy that holds back parts of uploads. */
export interface PartGate {
  readonly endpoint: string;
  /** Numbers of the parts that it has passed on, in the order of their requests. */
  readonly passedParts: number[];
  /** Resolves when the first part is stored and `count` others are held back. */
  waitForHeldParts(count: number): Promise<void>;
  /** Passes all parts on from now. */
  open(): void;
  close(): void;
}

/** Starts a proxy before a server of S3's API, which passes on everything but parts after the first. */
export const startPartGate = async (target: string): Promise<PartGate> => {
  let isOpen = false;
  let isFirstStored = false;
  let heldCount = 0;
  let notify = (): void => undefined;
  const passedParts: number[] = [];
  const server = createServer((incoming, response) => {
    // The client may be killed.
    for (const stream of [incoming, response]) stream.on("error", () => undefined);
    const part = new URL(incoming.url ?? "", target).searchParams.get("partNumber");
    const partNumber = incoming.method === "PUT" && part !== null ? Number(part) : undefined;
    if (partNumber !== undefined && partNumber > 1 && !isOpen) {
      heldCount += 1;
      notify();
      return;
    }
    if (partNumber !== undefined) passedParts.push(partNumber);
    const { method = "GET", headers, url = "/" } = incoming;
    const outgoing = request(new URL(url, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response).on("finish", () => {
        isFirstStored ||= partNumber === 1;
        notify();
      });
    });
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    passedParts,
    waitForHeldParts: (count) =>
      new Promise((resolve) => {
        notify = () => {
          if (isFirstStored && heldCount >= count) resolve();
        };
        notify();
      }),
    open() {
      isOpen = true;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
};
