/** The setting `custom.defaults` -> names of custom fields with their values. Pure. */

/** From `field=value; field=value`. A part without a name or a value is passed over. */
export function toCustomDefaults(setting: string): ReadonlyMap<string, string> {
  const pairs = setting.split(';').flatMap((part): [string, string][] => {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(at, 0)).trim();
    const value = part.slice(at + 1).trim();
    return name === '' || value === '' ? [] : [[name, value]];
  });
  return new Map(pairs);
}
