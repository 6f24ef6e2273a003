// A filter back to text, in the form of RFC 7644: parsing what is printed gives the same tree.

import { writtenName } from '../schema/reference.ts';
import type { Filter } from './tree.ts';

/** The filter as text. It holds the values that were asked for: not for logs. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.map(printPart).join(` ${filter.kind} `);
    case 'not':
      return `not (${printFilter(filter.term)})`;
    case 'present':
      return `${writtenName(filter.reference)} pr`;
    case 'compare':
      return `${writtenName(filter.reference)} ${filter.comparison} ${JSON.stringify(filter.value)}`;
    case 'element':
      break;
  }
  return `${writtenName(filter.reference)}[${printFilter(filter.filter)}]`;
}

function printPart(filter: Filter): string {
  return filter.kind === 'and' || filter.kind === 'or' ? `(${printFilter(filter)})` : printFilter(filter);
}
