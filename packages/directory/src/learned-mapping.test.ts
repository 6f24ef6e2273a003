/** What a process remembers of the learned mapping, and how names are read. */
import { expect, test } from 'vitest';
import { remember, toMappedAttribute, untold } from './learned-mapping.ts';

test('a process tells the names of a connection once', () => {
  const scope = { accountId: 'told', connectionId: 'c1' };
  expect(untold(scope, ['title', 'a\nb']).names).toEqual(['title']);
  remember(scope, '0', ['title']);
  expect(untold(scope, ['title', 'userName'])).toEqual({ epoch: '0', names: ['userName'] });
  expect(untold({ ...scope, connectionId: 'c2' }, ['title']).names).toEqual(['title']);
});

test('and again when names were taken away meanwhile', () => {
  const scope = { accountId: 'told again', connectionId: 'c1' };
  remember(scope, '0', ['title', 'locale']);
  remember(scope, '1', ['title']);
  expect(untold(scope, ['title', 'locale'])).toEqual({ epoch: '1', names: ['locale'] });
});

test.each([
  ['TITLE', 'title'],
  ['phonenumbers.Mobile', 'phoneNumbers.mobile'],
  [
    'URN:ietf:params:scim:schemas:extension:enterprise:2.0:user:Department',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
  ],
  [
    'urn:ietf:params:scim:schemas:extension:freshservice:2.0:user:Cost_Centre',
    'urn:ietf:params:scim:schemas:extension:freshservice:2.0:User:Cost_Centre',
  ],
  ['urn:ietf:params:scim:schemas:extension:freshservice:2.0:User:', undefined],
  ['nickName', undefined],
])('%s is %s', (text, name) => {
  expect(toMappedAttribute(text)).toBe(name);
});
