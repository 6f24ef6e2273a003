/** Filters made by the grammar of RFC 7644 §3.4.2.2: right in form, and about anything. Broken ones are made of these. */
import type { Random } from './fuzz-random.ts';

const ATTRIBUTES = `
  userName externalId id active displayName title emails emails.value emails.type phoneNumbers name.familyName roles
  meta.created meta.lastModified meta.resourceType schemas groups groups.value members members.value members.type
  urn:ietf:params:scim:schemas:core:2.0:User:userName urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager
  urn:ietf:params:scim:schemas:extension:freshservice:2.0:User:isAgent USERNAME shoes name`
  .trim()
  .split(/\s+/);
const LISTS = ['emails', 'phoneNumbers', 'addresses', 'roles', 'members', 'groups'];
const PARTS = ['type', 'value', 'primary', 'display', '$ref'];
const COMPARISONS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'EQ', 'Co'];

/** About one in two names only what there is. */
export function makeFilter(random: Random, text: string): string {
  // Now and then one that is as deep or as long as it gets.
  if (random.chance(0.02)) return `${'('.repeat(random.upTo(60))}id pr${')'.repeat(random.upTo(60))}`;
  if (random.chance(0.02)) return random.many(400, () => 'id pr').join(random.pick([' and ', ' or ']));
  return expression(random, text, random.upTo(4), ATTRIBUTES);
}

function expression(random: Random, text: string, depth: number, attributes: readonly string[]): string {
  const inner = (): string => expression(random, text, depth - 1, attributes);
  if (depth <= 0 || random.chance(0.3)) return term(random, text, attributes);
  return random.pick<() => string>([
    () => `${inner()} and ${inner()}`,
    () => `${inner()} or ${inner()}`,
    () => `not (${inner()})`,
    () => `(${inner()})`,
  ])();
}

function term(random: Random, text: string, attributes: readonly string[]): string {
  const isWhole = attributes === ATTRIBUTES;
  if (isWhole && random.chance(0.2)) {
    return `${random.pick(LISTS)}[${expression(random, text, random.upTo(3), PARTS)}]${random.chance(0.2) ? '.value eq "x"' : ''}`;
  }
  const attribute = random.pick(attributes);
  if (random.chance(0.2)) return `${attribute} pr`;
  const value = random.pick([
    JSON.stringify(text),
    '"work"',
    '""',
    'true',
    'null',
    '"True"',
    '7',
    '"2020-01-01T00:00:00Z"',
    '"\\u00e9"',
  ]);
  return `${attribute} ${random.pick(COMPARISONS)} ${value}`;
}
