import type { ObjectSummary } from "../ports/object-store.ts";
import { StoreFailure } from "../ports/store-failure.ts";
import type { RoutingTable } from "../routing/match.ts";
import { computeRouteSelection, computeUnroutedSelection } from "../routing/route-selection.ts";
import type { JobPorts } from "./ports.ts";
import type { RouteRegistration } from "./sweep-store.ts";

/** Ports of `registerRoutes`. */
export type RegistryPorts = Pick<JobPorts, "configuration" | "inputBucket" | "sweeps" | "clock">;

/** Writers of one registry: a few functions, each of which writes once. */
const maxTries = 10;

/** Amazon S3 lists times in whole seconds: an upload of the same second must not count as older. */
const floorToSecond = (time: Date): string =>
  new Date(Math.floor(time.getTime() / 1000) * 1000).toISOString();

/**
 * Registers the routes of a configuration, and the uploads without a route. A route that is new, renamed, or takes other
 * keys than before starts now; the others keep their start. Routes that no longer exist are removed.
 */
export const updateRegistrations = (
  registrations: readonly RouteRegistration[],
  configuration: RoutingTable,
  now: Date,
): readonly RouteRegistration[] => {
  const register = (route: string | null, selection: string): RouteRegistration =>
    registrations.find((one) => one.route === route && one.selection === selection) ?? {
      route,
      selection,
      since: floorToSecond(now),
    };
  return [
    ...configuration.routes.map((route) => register(route.name, computeRouteSelection(configuration, route))),
    register(null, computeUnroutedSelection(configuration)),
  ];
};

/**
 * Registers the routes of the input bucket (`updateRegistrations`) and returns them. Writes only if something changed.
 *
 * @throws StoreFailure
 */
export const registerRoutes = async ({
  configuration,
  inputBucket,
  sweeps,
  clock,
}: RegistryPorts): Promise<readonly RouteRegistration[]> => {
  for (let attempt = 1; attempt <= maxTries; attempt += 1) {
    const { revision, registrations } = await sweeps.readRegistry(inputBucket);
    const updated = updateRegistrations(registrations, configuration, clock.now());
    const isUnchanged =
      updated.length === registrations.length && updated.every((one) => registrations.includes(one));
    if (isUnchanged || (await sweeps.replaceRegistry(inputBucket, revision, updated))) return updated;
  }
  throw new StoreFailure(
    "transient",
    `The routes of ${inputBucket} were changed by others at the same time.`,
  );
};

/** Creates a function that registers the routes once. If it fails, the next call tries again. */
export const createRouteRegistration = (ports: RegistryPorts): (() => Promise<void>) => {
  let registered: Promise<unknown> | undefined;
  return async () => {
    registered ??= registerRoutes(ports);
    try {
      await registered;
    } catch (cause) {
      registered = undefined;
      throw cause;
    }
  };
};

/** True if a version was uploaded since the start of its route. */
export const isUploadedSince = (
  registrations: readonly RouteRegistration[],
  route: string | null,
  { modifiedAt }: Pick<ObjectSummary, "modifiedAt">,
): boolean => {
  const registration = registrations.find((one) => one.route === route);
  return registration !== undefined && Date.parse(modifiedAt) >= Date.parse(registration.since);
};
