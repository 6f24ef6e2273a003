// Which members a filter asks for by id: a group of 100,000 need not be loaded to know whether one of them is in it.

import { refersTo } from './refers-to.ts';
import type { Filter } from './tree.ts';

/**
 * The texts that the `value` of a core attribute is compared with by "eq", if the filter looks at the attribute in no
 * other way: then elements with these values are all that has to be known of it. Else undefined.
 */
export function valuesNamed(filter: Filter, name: string): readonly string[] | undefined {
  if (!refersTo(filter, name)) {
    return [];
  }
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const parts = filter.terms.map((term) => valuesNamed(term, name));
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    case 'not':
      return valuesNamed(filter.term, name);
    case 'present':
      return undefined;
    case 'element':
      return filter.filter.kind === 'compare' && filter.filter.reference.attribute.name === 'value'
        ? equalTo(filter.filter)
        : undefined;
    case 'compare':
      break;
  }
  return (filter.reference.sub?.name ?? 'value') === 'value' ? equalTo(filter) : undefined;
}

function equalTo({ comparison, value }: Filter & { kind: 'compare' }): readonly string[] | undefined {
  return comparison === 'eq' && typeof value === 'string' ? [value] : undefined;
}
