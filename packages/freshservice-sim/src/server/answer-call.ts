// The checks behind the rate limits, in the order of the API: credentials, route, Accept and Content-Type, permission,
// query string; then the route itself.
import type { FastifyRequest } from 'fastify';
import type { ApiKey } from '../account/account.ts';
import type { Knobs } from '../knobs.ts';
import type { Route } from '../routes/route.ts';
import type { LogEntry } from '../traffic/request-log.ts';
import { type Answer, flat, invalid, message, notFound, Refusal } from '../wire/answers.ts';
import { isObject } from '../wire/primitives.ts';
import type { World } from './world.ts';

/** The route of a request; without one, the methods that its path would allow. */
export type RouteMatch =
  | { readonly route: Route }
  | { readonly route?: undefined; readonly allowed: readonly string[] };

/** A request as the checks see it. */
export interface Arrival {
  readonly request: FastifyRequest;
  readonly match: RouteMatch;
  readonly query: Readonly<Record<string, string>>;
  /** Absent when the credentials are missing or wrong. */
  readonly key: ApiKey | undefined;
  readonly entry: LogEntry;
}

/** Answers a request that the limits have let through. Names of attributes in its body go to the log. */
export function answerCall(world: World, { request, match, query, key, entry }: Arrival): Answer {
  const knobs = world.knobs();
  try {
    if (key === undefined) throw unauthorized(knobs, request);
    if (match.route === undefined) throw noRoute(knobs, match.allowed);
    assertAcceptable(match.route, request, query, key);
    const { id } = request.params as { id?: string };
    return match.route.run({
      account: world.account,
      knobs,
      keyAgentId: key.agentId,
      mayManageAgents: key.permissions.has('agents.manage'),
      id: Number(id ?? 0),
      query,
      url: `${request.protocol}://${request.host}${request.url}`,
      attributes: () => {
        const attributes = readObject(bodyText(request));
        entry.attributes = Object.keys(attributes);
        return attributes;
      },
    });
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

function unauthorized(knobs: Knobs, request: FastifyRequest): Refusal {
  const isPassword = basicUser(request)?.includes('@') === true;
  if (isPassword) {
    return flat(401, 'unsupported_authentication_type', 'Signing in with a password is not supported.');
  }
  const text = 'You have to be logged in to perform this action.';
  const code = knobs.keyRevoked ? knobs.revokedCode : 'invalid_credentials';
  return flat(code === 'invalid_credentials' ? knobs.unauthorizedStatus : 403, code, text);
}

function noRoute(knobs: Knobs, allowed: readonly string[]): Refusal {
  if (allowed.length === 0) return notFound(knobs);
  const { answer } = message(405, `${allowed.join(', ')} method(s) allowed`);
  return new Refusal({ ...answer, headers: { allow: allowed.join(', ') } });
}

function assertAcceptable(
  route: Route,
  request: FastifyRequest,
  query: Readonly<Record<string, string>>,
  key: ApiKey,
): void {
  const accept = request.headers.accept ?? '*/*';
  if (!/\*\/\*|application\/(?:json|\*)/i.test(accept))
    throw message(406, 'Only application/json can be sent');
  const hasBody = bodyText(request) !== '';
  const isJson = /^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '');
  if (hasBody && !isJson) throw message(415, 'Content-Type should be application/json');
  if (route.permission !== undefined && !key.permissions.has(route.permission)) {
    throw flat(403, 'access_denied', 'You are not authorized to perform this action.');
  }
  if (hasBody && route.hasBody !== true) {
    throw flat(400, 'no_content_required', 'This request takes no content.');
  }
  const unknown = Object.keys(query).filter((name) => route.parameters?.includes(name) !== true);
  if (unknown.length === 0) return;
  throw invalid(
    unknown.map((field) => ({
      field,
      message: 'Unexpected/invalid field in request',
      code: 'invalid_field',
    })),
  );
}

function readObject(text: string): Record<string, unknown> {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw flat(400, 'invalid_json', 'Request body has invalid json format');
}

function bodyText(request: FastifyRequest): string {
  return typeof request.body === 'string' ? request.body.trim() : '';
}

/** The agent's key that the request names, if it is valid. */
export function findKey(world: World, request: FastifyRequest): ApiKey | undefined {
  const user = basicUser(request);
  return user === undefined ? undefined : world.account.findKey(user);
}

/** The name in the Basic header, which is the key; the password is a dummy. */
function basicUser(request: FastifyRequest): string | undefined {
  const [scheme = '', encoded = ''] = (request.headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() !== 'basic') return undefined;
  return Buffer.from(encoded, 'base64').toString('utf8').split(':')[0];
}
