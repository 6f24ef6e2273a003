// Which index can answer a filter, or narrow it to a few candidates. The caller still checks the whole filter.

import type { ResourceTypeName } from '../schema/resource-type.ts';
import type { Filter } from './tree.ts';

/**
 * An equality that the store has an index for; the value is as it was sent, so fold its case for userName, email and
 * displayName. `email` means any address of a person, whatever its type. displayName and member: groups only.
 */
export interface Lookup {
  readonly by: 'id' | 'userName' | 'externalId' | 'email' | 'displayName' | 'member';
  readonly value: string;
}

/** The narrowest index first: what is unique, then what few share. */
const PREFERENCE: { readonly [type in ResourceTypeName]: readonly Lookup['by'][] } = {
  User: ['id', 'userName', 'externalId', 'email'],
  Group: ['id', 'displayName', 'externalId', 'member'],
};

/** Multi-valued attributes of which the `value` has an index. */
const BY_VALUE: { readonly [attribute: string]: Lookup['by'] } = { emails: 'email', members: 'member' };

/** The indexed equality that every match of the filter fulfils: the filter itself or a term of a top-level "and". */
export function lookupOf(type: ResourceTypeName, filter: Filter): Lookup | undefined {
  const lookups = conjunctsOf(filter).flatMap((term) => lookupIn(term) ?? []);
  return PREFERENCE[type].flatMap((by) => lookups.filter((lookup) => lookup.by === by))[0];
}

function conjunctsOf(filter: Filter): readonly Filter[] {
  return filter.kind === 'and' ? filter.terms.flatMap(conjunctsOf) : [filter];
}

function lookupIn(term: Filter): Lookup | undefined {
  if (term.kind === 'element') {
    // `emails[type eq "work" and value eq "x"]`
    const values = conjunctsOf(term.filter).flatMap((part) => textEqualTo(part) ?? []);
    const value = values.find((part) => part.name === 'value');
    return value && lookupBy(BY_VALUE[term.reference.attribute.name], value.value);
  }
  const text = textEqualTo(term);
  if (text === undefined || text.extension !== undefined) {
    return undefined;
  }
  const by =
    text.sub === 'value' ? BY_VALUE[text.name] : text.sub === undefined ? indexOf(text.name) : undefined;
  return lookupBy(by, text.value);
}

function lookupBy(by: Lookup['by'] | undefined, value: string): Lookup | undefined {
  return by === undefined ? undefined : { by, value };
}

function indexOf(name: string): Lookup['by'] | undefined {
  return [...PREFERENCE.User, ...PREFERENCE.Group].find((by) => by === name);
}

interface TextEquality {
  readonly extension: string | undefined;
  readonly name: string;
  readonly sub: string | undefined;
  readonly value: string;
}

function textEqualTo(term: Filter): TextEquality | undefined {
  if (term.kind !== 'compare' || term.comparison !== 'eq' || typeof term.value !== 'string') {
    return undefined;
  }
  const { extension, attribute, sub } = term.reference;
  return { extension, name: attribute.name, sub: sub?.name, value: term.value };
}
