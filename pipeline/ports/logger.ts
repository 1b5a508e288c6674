/**
 * Structured log. `details` never contain a whole event, a credential or media. An error goes into the key `error`, with its
 * stack and causes.
 */
export interface Logger {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}
