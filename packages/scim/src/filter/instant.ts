// xsd:dateTime (RFC 7643 §2.3.5): a date and a time. Compared as instants, so that zones and fractions do not matter.

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

/** True for a date with a time that exists. */
export function isInstant(text: string): boolean {
  const day = DATE_TIME.exec(text)?.[1];
  return day !== undefined && isDay(day) && !Number.isNaN(toInstant(text));
}

/** Epoch milliseconds; a time without a zone is taken as UTC. NaN for anything else than a date. */
export function toInstant(text: string): number {
  const hasZone = DATE_TIME.exec(text)?.[2] !== undefined;
  return Date.parse(hasZone ? text : `${text}Z`);
}

/** JavaScript takes February 30 for March 2. */
function isDay(day: string): boolean {
  const instant = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(day);
}
