import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";

/**
 * Adds the CORS headers for pages of allowed origins. Their requests carry no cookie, so they need a bearer token.
 *
 * @param origins e.g. `https://app.example.com`
 */
export const allowOrigins = (origins: readonly string[]): MiddlewareHandler =>
  cors({
    origin: [...origins],
    allowMethods: ["GET", "HEAD", "PUT", "POST", "DELETE"],
    exposeHeaders: [
      "Accept-Ranges",
      "Content-Length",
      "Content-Range",
      "ETag",
      "Location",
      "Retry-After",
      "x-amzn-ErrorType",
    ],
    maxAge: 600,
  });
