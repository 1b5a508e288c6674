/** An item of a table, unmarshalled: values by the name of their attribute. */
export type Item = Readonly<Record<string, unknown>>;
