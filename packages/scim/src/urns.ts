// The names that SCIM messages and schemas carry.

/** RFC 7643 §4.1 */
export const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
/** RFC 7643 §4.2 */
export const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
/** RFC 7643 §4.3 */
export const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** The extension of Freshservice's gallery app: isAgent and any custom field of a requester. */
export const FRESHSERVICE_USER = 'urn:ietf:params:scim:schemas:extension:freshservice:2.0:User';

/** RFC 7644 §3.5.2 */
export const PATCH_MESSAGE = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
/** RFC 7644 §3.4.2 */
export const LIST_MESSAGE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
/** RFC 7644 §3.4.3 */
export const SEARCH_MESSAGE = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
/** RFC 7644 §3.12 */
export const ERROR_MESSAGE = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** The media type of every answer, errors included (RFC 7644 §3.1). */
export const SCIM_CONTENT_TYPE = 'application/scim+json';
