/** What hostile requests are made of: names, paths, addresses and texts that are odd in one way or another. */

const wordsOf = (text: string): string[] => text.trim().split(/\s+/);
const linesOf = (text: string): string[] => text.trim().split(/\s*\n\s*/);

export const NAMES = wordsOf(`
  userName externalId active displayName title emails phoneNumbers name roles id meta schemas addresses groups password
  nickName value type primary givenName $ref x509Certificates manager department isAgent members USERNAME a.b.c
  urn:ietf:params:scim:schemas:extension:enterprise:2.0:User __proto__ constructor toString hasOwnProperty
  urn:ietf:params:scim:schemas:extension:freshservice:2.0:User`).concat('', ' ');
export const PATHS = linesOf(`
  title
  active
  userName
  externalId
  id
  name
  name.givenName
  name.
  emails
  emails[type eq "work"]
  emails[type eq "work"].value
  emails[value eq "x"].display
  emails[
  emails[]
  phoneNumbers[type eq "mobile"].value
  addresses[type eq "work"].formatted
  roles[primary eq "True"].value
  [type eq "work"]
  manager
  urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager
  urn:ietf:params:scim:schemas:extension:freshservice:2.0:User
  .
  é`);
export const GROUP_PATHS = linesOf(`
  displayName
  externalId
  members
  members.value
  members.type
  members[value eq "x"]
  members[value eq "x"].value
  members[type eq "User"]
  members[value sw "0" or not (value pr)]
  members[
  id
  meta
  .`);
export const COLLECTIONS = ['/Users', '/Groups', ''];
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const ODD_TEXTS = [
  '',
  ' ',
  '\0',
  '\ud800',
  '\udfff\ud800',
  '\u202e',
  'é'.normalize('NFD'),
  '😀',
  '"',
  '\\',
  '%',
  '\n',
  '{',
  'İ',
  'ß',
  '\ufeff',
  'null',
];
