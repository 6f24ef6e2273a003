// What the server tells about itself (RFC 7643 §5 to §7), made from the same definitions that requests are read with.
// Lean on purpose: Microsoft's validators refuse nulls, `password` and some sub-attributes that the RFC defines.

import type { JsonObject } from './json.ts';
import { COUNT_DEFAULT, COUNT_MAX } from './list.ts';
import type { AttributeDefinition, AttributeSet } from './schema/attribute.ts';
import { resourceTypeOf } from './schema/resource-type.ts';
import type { ResourceType, ResourceTypeName } from './schema/resource-type.ts';
import type { SchemaDefinition } from './schema/schema.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0';

/** The types that have routes; what is advertised must be true. */
const SERVED: readonly ResourceTypeName[] = ['User', 'Group'];

/** The discovery documents. `baseUrl` is that of the SCIM endpoint, without a slash at its end. */
export const discovery = {
  /** One object, not a list (RFC 7644 §4); `pagination` is that of RFC 9865 §4. */
  serviceProviderConfig(baseUrl: string): JsonObject {
    return {
      schemas: [`${CORE}:ServiceProviderConfig`],
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: COUNT_MAX },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      pagination: {
        cursor: true,
        index: true,
        defaultPaginationMethod: 'index',
        defaultPageSize: COUNT_DEFAULT,
        maxPageSize: COUNT_MAX,
      },
      authenticationSchemes: [
        {
          type: 'oauthbearertoken',
          name: 'Bearer token',
          description: 'The secret token of the connection, in the Authorization header.',
          primary: true,
        },
      ],
      meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
    };
  },

  /** All resource types that have routes. */
  resourceTypes(baseUrl: string): JsonObject[] {
    return SERVED.map((name) => resourceTypeDocument(resourceTypeOf(name), baseUrl));
  },

  /** The resource type of that name, exactly as written; undefined if there is none. */
  resourceType(baseUrl: string, name: string): JsonObject | undefined {
    return discovery.resourceTypes(baseUrl).find((document) => document.id === name);
  },

  /** All schemas of the resource types that have routes. */
  schemas(baseUrl: string): JsonObject[] {
    const types = SERVED.map(resourceTypeOf);
    return types
      .flatMap((type) => [type.core, ...type.extensions])
      .map((schema) => schemaDocument(schema, baseUrl));
  },

  /** The schema with that URN, whatever its case; undefined if there is none. */
  schema(baseUrl: string, urn: string): JsonObject | undefined {
    const wanted = urn.toLowerCase();
    return discovery.schemas(baseUrl).find(({ id }) => typeof id === 'string' && id.toLowerCase() === wanted);
  },
};

function resourceTypeDocument(type: ResourceType, baseUrl: string): JsonObject {
  return {
    schemas: [`${CORE}:ResourceType`],
    id: type.name,
    name: type.name,
    endpoint: type.endpoint,
    description: type.description,
    schema: type.core.urn,
    schemaExtensions: type.extensions.map((extension) => ({ schema: extension.urn, required: false })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${type.name}` },
  };
}

function schemaDocument(schema: SchemaDefinition, baseUrl: string): JsonObject {
  return {
    schemas: [`${CORE}:Schema`],
    id: schema.urn,
    name: schema.name,
    description: schema.description,
    attributes: attributeDocuments(schema.attributes),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.urn}` },
  };
}

function attributeDocuments(attributes: AttributeSet): JsonObject[] {
  return [...attributes.values()].filter((attribute) => attribute.advertised).map(attributeDocument);
}

function attributeDocument(attribute: AttributeDefinition): JsonObject {
  const subAttributes = attributeDocuments(attribute.subAttributes);
  return {
    name: attribute.name,
    type: attribute.type,
    multiValued: attribute.multiValued,
    description: attribute.description,
    required: attribute.required,
    ...(attribute.canonicalValues.length > 0 ? { canonicalValues: [...attribute.canonicalValues] } : {}),
    caseExact: attribute.caseExact,
    mutability: attribute.mutability,
    returned: attribute.returned,
    uniqueness: attribute.uniqueness,
    ...(attribute.referenceTypes.length > 0 ? { referenceTypes: [...attribute.referenceTypes] } : {}),
    ...(subAttributes.length > 0 ? { subAttributes } : {}),
  };
}
