/** Current time; `now().toISOString()` is ISO 8601. */
export interface Clock {
  now(): Date;
}
