/** What the server tells about itself (RFC 7644 §4). Readable without a token: it holds nothing of anybody. */
import { discovery, type JsonObject, listResponse, ScimError } from '@fresh-scim/scim';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { type BaseUrlOptions, baseUrlOf } from '../base-url.ts';

export const discoveryRoutes: FastifyPluginAsync<BaseUrlOptions> = async (app, options) => {
  const base = (request: FastifyRequest): string => {
    if (typeof request.query === 'object' && request.query !== null && 'filter' in request.query) {
      throw new ScimError(403, undefined, 'Discovery endpoints take no filter.');
    }
    return baseUrlOf(request, options);
  };
  const one = (document: JsonObject | undefined): string => {
    if (!document) throw new ScimError(404, undefined, 'There is no such schema or resource type.');
    return JSON.stringify(document);
  };
  const list = (documents: readonly JsonObject[]): string => {
    const resources = documents.map((document) => JSON.stringify(document));
    return listResponse({ totalResults: resources.length, startIndex: 1, resources });
  };

  app.get('/ServiceProviderConfig', (request) =>
    Promise.resolve(JSON.stringify(discovery.serviceProviderConfig(base(request)))),
  );
  app.get('/ResourceTypes', (request) => Promise.resolve(list(discovery.resourceTypes(base(request)))));
  app.get<{ Params: { name: string } }>('/ResourceTypes/:name', (request) =>
    Promise.resolve(one(discovery.resourceType(base(request), request.params.name))),
  );
  app.get('/Schemas', (request) => Promise.resolve(list(discovery.schemas(base(request)))));
  app.get<{ Params: { urn: string } }>('/Schemas/:urn', (request) =>
    Promise.resolve(one(discovery.schema(base(request), request.params.urn))),
  );
};
