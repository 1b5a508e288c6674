/** Input for a plan's resource; omitted fields are as for an unchanged resource. */
export interface ResourceInput {
  readonly address?: string;
  readonly type?: string;
  readonly actions?: readonly string[];
  readonly before?: Readonly<Record<string, unknown>> | null;
  readonly after?: Readonly<Record<string, unknown>> | null;
  readonly unknown?: unknown;
  readonly sensitive?: unknown;
  readonly reason?: string;
  readonly replacePaths?: readonly (readonly (string | number)[])[];
  readonly from?: string;
  readonly importId?: string;
  readonly deposed?: string;
}

/** A resource as a plan's `resource_changes` and `resource_drift` have it. */
export const resourceChange = (input: ResourceInput) => {
  const { address = `${input.type ?? "aws_sqs_queue"}.one`, before = null, after = null } = input;
  const marks: unknown = input.sensitive ?? {};
  const [type = "", name = ""] = address.replace(/^module\.\w+\./, "").split(/[.[]/);
  return {
    address,
    mode: "managed",
    type: input.type ?? type,
    name,
    provider_name: "registry.terraform.io/hashicorp/aws",
    ...(input.from === undefined ? {} : { previous_address: input.from }),
    ...(input.deposed === undefined ? {} : { deposed: input.deposed }),
    ...(input.reason === undefined ? {} : { action_reason: input.reason }),
    change: {
      actions: input.actions ?? ["no-op"],
      before,
      after,
      after_unknown: input.unknown ?? {},
      before_sensitive: marks,
      after_sensitive: marks,
      ...(input.replacePaths === undefined ? {} : { replace_paths: input.replacePaths }),
      ...(input.importId === undefined ? {} : { importing: { id: input.importId } }),
    },
  };
};

/** A resource in a plan's configuration, with attributes as Terraform's JSON represents them. */
export const configuredResource = (address: string, attributes: Readonly<Record<string, unknown>>) => ({
  address,
  expressions: Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const references =
        typeof value === "string"
          ? [...value.matchAll(/\$\{([^}]+)\}/g)].flatMap(([, expression = ""]) => [
              expression,
              expression.split(".").slice(0, -1).join("."),
            ])
          : [];
      return [name, { constant_value: value, ...(references.length === 0 ? {} : { references }) }];
    }),
  ),
});

/** A whole plan as `terraform show -json` writes it. */
export const planDocument = (
  changes: readonly ReturnType<typeof resourceChange>[],
  more: {
    readonly drift?: readonly ReturnType<typeof resourceChange>[];
    readonly outputs?: Readonly<Record<string, unknown>>;
    readonly configured?: readonly ReturnType<typeof configuredResource>[];
    readonly errored?: boolean;
    readonly complete?: boolean;
  } = {},
) => ({
  format_version: "1.2",
  terraform_version: "1.11.4",
  planned_values: { root_module: {} },
  resource_changes: changes,
  ...(more.drift === undefined ? {} : { resource_drift: more.drift }),
  ...(more.outputs === undefined ? {} : { output_changes: more.outputs }),
  configuration: { root_module: { resources: more.configured ?? [] } },
  complete: more.complete ?? true,
  errored: more.errored ?? false,
});

/** A policy document of the given statements. */
export const policy = (...statements: readonly Readonly<Record<string, unknown>>[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });

/** A reference as configurations write it. */
export const reference = (name: string): string => `\${${name}}`;
