// What a User may carry beyond the core: the enterprise extension of RFC 7643 §4.3 and that of Freshservice's gallery
// app. Both are open: the gallery app's customers put `_location` into the one and custom fields into the other.

import { ENTERPRISE_USER, FRESHSERVICE_USER } from '../urns.ts';
import { attribute, attributeSet } from './attribute.ts';
import type { SchemaDefinition } from './schema.ts';

const manager = attribute('manager', "The person's manager.", {}, [
  // RFC 7643 §8.7.1 prints it as required; Entra's bare string could then not be described honestly.
  attribute('value', "The manager's id.", { caseExact: true }),
  attribute('$ref', "The manager's address.", {
    type: 'reference',
    caseExact: true,
    mutability: 'readOnly',
    referenceTypes: ['User'],
  }),
  attribute('displayName', "The manager's name.", { mutability: 'readOnly' }),
]);

/** urn:ietf:params:scim:schemas:extension:enterprise:2.0:User */
export const enterpriseUser: SchemaDefinition = {
  urn: ENTERPRISE_USER,
  name: 'EnterpriseUser',
  description: 'A person in an organisation.',
  open: true,
  attributes: attributeSet([
    attribute('employeeNumber', 'The number that the organisation gave the person.'),
    attribute('costCenter', 'The cost centre.'),
    attribute('organization', 'The organisation.'),
    attribute('division', 'The division.'),
    attribute('department', 'The department.'),
    manager,
  ]),
};

/** urn:ietf:params:scim:schemas:extension:freshservice:2.0:User */
export const freshserviceUser: SchemaDefinition = {
  urn: FRESHSERVICE_USER,
  name: 'FreshserviceUser',
  description: 'A person in Freshservice; custom fields may follow under their keys.',
  open: true,
  attributes: attributeSet([
    attribute('isAgent', 'Whether the person is an agent: "true" or "false", in any case.', {
      scalarAsText: true,
    }),
  ]),
};
