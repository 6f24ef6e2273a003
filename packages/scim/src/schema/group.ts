// The core Group of RFC 7643 §4.2.

import { CORE_GROUP } from '../urns.ts';
import { attribute, attributeSet } from './attribute.ts';
import { commonAttributes } from './common.ts';
import type { SchemaDefinition } from './schema.ts';

const members = attribute('members', 'The members of the group.', { multiValued: true, lenient: true }, [
  attribute('value', "The member's id.", { caseExact: true, required: true, mutability: 'immutable' }),
  // Taken and not kept: the server makes it of the id. Not readOnly, or clients that fill in what the schema lets them
  // would send members without knowing that `value` has to be the id of somebody.
  attribute('$ref', "The member's address.", {
    type: 'reference',
    caseExact: true,
    mutability: 'immutable',
    referenceTypes: ['User', 'Group'],
    filterable: false,
  }),
  attribute('display', "The member's name, which is not kept.", {
    mutability: 'readOnly',
    advertised: false,
    filterable: false,
  }),
  attribute('type', 'User or Group.', { mutability: 'immutable', canonicalValues: ['User', 'Group'] }),
]);

/** urn:ietf:params:scim:schemas:core:2.0:Group */
export const coreGroup: SchemaDefinition = {
  urn: CORE_GROUP,
  name: 'Group',
  description: 'A group of people.',
  open: false,
  attributes: attributeSet([
    ...commonAttributes,
    attribute('displayName', 'The name of the group.', { required: true, uniqueness: 'server' }),
    members,
  ]),
};
