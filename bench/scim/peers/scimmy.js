/**
 * scimmy-routers as its README shows it, with people in a Map: finding one by id costs nothing, and a filter is applied
 * by the library to everybody, which is how it is meant.
 */
import { randomUUID } from 'node:crypto';
import express from 'express';
import { Resources, Schemas, Types } from 'scimmy';
import { SCIMMYRouters } from 'scimmy-routers';
import { announce } from './announce.js';

const FRESHSERVICE_USER = 'urn:ietf:params:scim:schemas:extension:freshservice:2.0:User';
const token = process.env.BENCH_TOKEN;

const people = new Map();
const idsByName = new Map();

const { SchemaDefinition, Attribute } = Types;
const isAgent = new Attribute('string', 'isAgent');
Resources.User.extend(Schemas.EnterpriseUser);
Schemas.User.definition.extend(
  new SchemaDefinition('FreshserviceUser', FRESHSERVICE_USER, 'Freshservice', [isAgent]),
);

Resources.declare(Resources.User, {
  egress: ({ id, filter }) => {
    if (!id) return filter ? filter.match([...people.values()]) : [...people.values()];
    const person = people.get(id);
    if (!person) throw new Types.Error(404, null, 'There is no such user');
    return person;
  },
  ingress: ({ id = randomUUID() }, instance) => {
    const name = instance.userName.toLowerCase();
    const holder = idsByName.get(name);
    if (holder !== undefined && holder !== id)
      throw new Types.Error(409, 'uniqueness', 'The userName is taken');
    const now = new Date();
    const created = people.get(id)?.meta.created ?? now;
    const person = { ...JSON.parse(JSON.stringify(instance)), id, meta: { created, lastModified: now } };
    people.set(id, person);
    idsByName.set(name, id);
    return person;
  },
  degress: ({ id }) => {
    idsByName.delete(people.get(id)?.userName.toLowerCase());
    people.delete(id);
  },
});

const app = express();
app.use(
  '/scim/v2',
  new SCIMMYRouters({
    type: 'bearer',
    handler: (request) => {
      if (request.header('Authorization') !== `Bearer ${token}`) throw new Error('Not authenticated');
      return 'bench';
    },
  }),
);
const server = app.listen(0, '127.0.0.1', () => announce(server));
