/**
 * The routes of Groups. Members lie beside a group and are loaded only when they are shown. Nothing is woken: groups
 * are stored, and not applied to Freshservice yet.
 */
import {
  applyPatch,
  applyPut,
  type Attributes,
  type MemberChange,
  parseSearchRequest,
  parseSelection,
  readGroup,
  readGroupPatch,
  type Selection,
  selects,
  versionOf,
} from '@fresh-scim/scim';
import type { StoredResource } from '@fresh-scim/directory';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import {
  answerList,
  answerOne,
  answerWith,
  directoryOf,
  notFound,
  type ResourceRoutesOptions,
  type WithId,
} from '../answers.ts';
import { baseUrlOf } from '../base-url.ts';
import { ifMatch } from '../conditions.ts';
import { inTurns } from '../in-turns.ts';
import { groupsIn } from '../query/collection.ts';

/** Bodies hold members by the thousand; everything else is as small as a user. */
const LARGE = { bodyLimit: 8 * 1024 * 1024 };

export const groupRoutes: FastifyPluginAsync<ResourceRoutesOptions> = async (app, options) => {
  const groupsOf = (request: FastifyRequest) => groupsIn(directoryOf(request, options));

  app.post('/Groups', LARGE, async (request, reply) => {
    const { attributes, members } = await inTurns(readGroup(request.body));
    const selection = parseSelection('Group', request.query);
    const { stored } = await directoryOf(request, options).createGroup(attributes, members);
    reply.code(201);
    return show(request, reply, stored, selection);
  });

  app.get('/Groups', (request, reply) =>
    answerList(request, reply, request.query, groupsOf(request), options),
  );
  app.post('/Groups/.search', (request, reply) =>
    answerList(request, reply, parseSearchRequest(request.body), groupsOf(request), options),
  );
  app.get<WithId>('/Groups/:id', (request, reply) => answerOne(request, reply, groupsOf(request), options));

  app.put<WithId>('/Groups/:id', LARGE, async (request, reply) => {
    const { attributes, members } = await inTurns(readGroup(request.body));
    const selection = parseSelection('Group', request.query);
    const replace = [{ op: 'replace', ids: members }] as const;
    const stored = await change(request, (before) => applyPut(before, attributes), replace);
    return show(request, reply, stored, selection);
  });

  app.patch<WithId>('/Groups/:id', LARGE, async (request, reply) => {
    const { attributes, members } = await inTurns(readGroupPatch(request.body));
    const selection = parseSelection('Group', request.query);
    const stored = await change(request, (before) => applyPatch('Group', before, attributes), members);
    // Entra asks for 204, and a body with all members would be of no use to it; RFC 7644 §3.5.2 wants one on demand.
    if (selection.kind === 'all') return reply.code(204).header('etag', versionOf(stored.generation)).send();
    return show(request, reply, stored, selection);
  });

  app.delete<WithId>('/Groups/:id', async (request, reply) => {
    const committed = await directoryOf(request, options).removeGroup(request.params.id, ifMatch(request));
    if (!committed) throw notFound('Group');
    return reply.code(204).send();
  });

  async function change(
    request: FastifyRequest<WithId>,
    apply: (before: Attributes) => Attributes,
    members: readonly MemberChange[],
  ): Promise<StoredResource> {
    const { id } = request.params;
    const committed = await directoryOf(request, options).mutateGroup(id, apply, members, ifMatch(request));
    if (!committed) throw notFound('Group');
    return committed.stored;
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    stored: StoredResource,
    selection: Selection,
  ): Promise<string> {
    const [group = stored] = selects(selection, 'members') ? await groupsOf(request).complete([stored]) : [];
    return answerWith(reply, 'Group', group, baseUrlOf(request, options), selection);
  }
};
