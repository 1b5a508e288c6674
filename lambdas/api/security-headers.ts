import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

/**
 * Adds security headers to every response.
 *
 * @param options `isHttps`: whether browsers must always use HTTPS for the host
 */
export const addSecurityHeaders = ({ isHttps }: { readonly isHttps: boolean }): MiddlewareHandler =>
  secureHeaders({
    crossOriginResourcePolicy: "same-origin",
    xContentTypeOptions: "nosniff",
    crossOriginOpenerPolicy: "same-origin",
    xFrameOptions: "SAMEORIGIN",
    // With no-referrer, browsers send Origin: null with forms.
    referrerPolicy: "same-origin",
    strictTransportSecurity: isHttps ? "max-age=63072000" : false,
    // They concern obsolete browsers or features that these responses do not use.
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
