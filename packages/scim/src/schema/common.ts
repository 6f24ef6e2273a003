// The attributes that every resource has (RFC 7643 §3.1). All but externalId are the server's; only externalId is
// told in /Schemas, because Microsoft's validation looks for every attribute that Entra can map.

import { attribute } from './attribute.ts';

const READ_ONLY = { mutability: 'readOnly', advertised: false, caseExact: true } as const;

/** schemas, id, externalId, meta. */
export const commonAttributes = [
  attribute('schemas', 'The schemas that the resource has data of.', {
    ...READ_ONLY,
    caseExact: false,
    type: 'reference',
    multiValued: true,
    returned: 'always',
  }),
  attribute('id', 'The identifier that the server issued.', {
    ...READ_ONLY,
    returned: 'always',
    uniqueness: 'server',
  }),
  attribute('externalId', 'The identifier that the client uses.', { caseExact: true }),
  attribute('meta', 'What the server knows about the resource.', READ_ONLY, [
    attribute('resourceType', 'User or Group.', READ_ONLY),
    attribute('created', 'When it was created.', { ...READ_ONLY, type: 'dateTime' }),
    attribute('lastModified', 'When it last changed.', { ...READ_ONLY, type: 'dateTime' }),
    attribute('location', 'Its address.', { ...READ_ONLY, type: 'reference', filterable: false }),
    attribute('version', 'Its entity tag.', READ_ONLY),
  ]),
];
