// Whether a filter looks at an attribute: members and groups lie beside their resource and are loaded only if needed.

import type { Filter } from './tree.ts';

/** True when the filter cannot be decided without the core attribute of that name, given in the schema's case. */
export function refersTo(filter: Filter, name: string): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.some((term) => refersTo(term, name));
    case 'not':
      return refersTo(filter.term, name);
    case 'present':
    case 'compare':
    case 'element':
      break;
  }
  const { extension, attribute } = filter.reference;
  return extension === undefined && attribute.name === name;
}
