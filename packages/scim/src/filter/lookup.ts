// Which index can answer a filter, or narrow it to a few candidates. The caller still checks the whole filter.

import type { Filter } from './tree.ts';

/**
 * An equality that the store has an index for; the value is as it was sent, so fold its case for userName and workEmail.
 */
export interface Lookup {
  readonly by: 'id' | 'userName' | 'externalId' | 'workEmail';
  readonly value: string;
}

/** The narrowest index first: ids and userNames are unique. */
const PREFERENCE: readonly Lookup['by'][] = ['id', 'userName', 'externalId', 'workEmail'];

/** The indexed equality that every match of the filter fulfils: the filter itself or a term of a top-level "and". */
export function lookupOf(filter: Filter): Lookup | undefined {
  const lookups = conjunctsOf(filter).flatMap((term) => equalityOf(term) ?? workEmailOf(term) ?? []);
  return PREFERENCE.flatMap((by) => lookups.filter((lookup) => lookup.by === by))[0];
}

function conjunctsOf(filter: Filter): readonly Filter[] {
  return filter.kind === 'and' ? filter.terms.flatMap(conjunctsOf) : [filter];
}

function equalityOf(term: Filter): Lookup | undefined {
  const text = textEqualTo(term);
  if (text === undefined || text.extension !== undefined) {
    return undefined;
  }
  const by = PREFERENCE.find((name) => name === text.name);
  return by === undefined ? undefined : { by, value: text.value };
}

/** `emails[type eq "work" and value eq "x"]`; an e-mail of any type has no index. */
function workEmailOf(term: Filter): Lookup | undefined {
  if (term.kind !== 'element' || term.reference.attribute.name !== 'emails') {
    return undefined;
  }
  const equalities = conjunctsOf(term.filter).flatMap((part) => textEqualTo(part) ?? []);
  const isWork = equalities.some((part) => part.name === 'type' && part.value.toLowerCase() === 'work');
  const address = equalities.find((part) => part.name === 'value');
  return isWork && address !== undefined ? { by: 'workEmail', value: address.value } : undefined;
}

function textEqualTo(
  term: Filter,
): { extension: string | undefined; name: string; value: string } | undefined {
  if (term.kind !== 'compare' || term.comparison !== 'eq' || typeof term.value !== 'string') {
    return undefined;
  }
  const { extension, attribute, sub } = term.reference;
  return sub === undefined ? { extension, name: attribute.name, value: term.value } : undefined;
}
