// JSON as a type, and the few questions that every part of the protocol asks of it.
// Names are read with `member`, never with plain indexing: a client may send "constructor" or "toString".

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };

/** A JSON object. */
export type JsonObject = { [name: string]: JsonValue };

/** A JSON object that nobody may change. */
export type ReadonlyJsonObject = { readonly [name: string]: JsonValue };

/** True for an object that is neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member's value, or undefined if the object itself (not its prototype) has none of that name. */
export function member(object: ReadonlyJsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Finds a member whatever the case of its name; the first one wins. */
export function memberIgnoringCase(object: ReadonlyJsonObject, name: string): JsonValue | undefined {
  const wanted = name.toLowerCase();
  const key = Object.keys(object).find((key) => key.toLowerCase() === wanted);
  return key === undefined ? undefined : object[key];
}

/** True when both have the same content. The order of members does not count, the order of elements does. */
export function isSameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((element, index) => isSameJson(element, b[index]));
  }
  if (isJsonObject(a) && isJsonObject(b)) {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => Object.hasOwn(b, name) && isSameJson(a[name], b[name]))
    );
  }
  return false;
}
