/** ISO 8601 comes from `now().toISOString()`. */
export interface Clock {
  now(): Date;
}
