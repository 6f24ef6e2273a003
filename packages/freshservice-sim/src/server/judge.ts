// The order of checks of one request, from the edge inwards: maintenance, faults, rate limits, credentials, route,
// Accept and Content-Type, permission, body. Synchronous, so that requests do not overtake each other inside.
import type { FastifyRequest } from 'fastify';
import type { Fault } from '../faults/faults.ts';
import { isAfterEffect } from '../faults/kinds.ts';
import type { Knobs } from '../knobs.ts';
import type { Admission } from '../limits/limiter.ts';
import type { LogEntry } from '../traffic/request-log.ts';
import { type Answer, htmlPage } from '../wire/answers.ts';
import { answerCall, findKey, type RouteMatch } from './answer-call.ts';
import { priceOf, routeName } from './price.ts';
import type { World } from './world.ts';

/** What becomes of a request. */
export interface Judgement {
  readonly answer: Answer;
  /** Absent for answers of the edge, which carry no rate headers. */
  readonly admission?: Admission;
  readonly fault?: Fault;
}

const EDGE_ANSWERS: Partial<Record<Fault['kind'], Answer>> = {
  '502-html': htmlPage(502, '502 Bad Gateway'),
  '503': { status: 503 },
  '504-after': htmlPage(504, '504 Gateway Time-out'),
  'html-200': htmlPage(200, 'Welcome'),
};
const HANG_MAX_MS = 60_000;

/** Decides on a request, applies it if it may be, and logs it. */
export function judge(world: World, match: RouteMatch, request: FastifyRequest): Judgement {
  const query = readQuery(request);
  const entry = world.log.open({
    at: world.clock.now(),
    method: request.method,
    path: request.url,
    route: routeName(match, query),
  });
  try {
    const judgement = judgeLogged(world, match, request, query, entry);
    entry.status = deliveredStatus(judgement);
    return judgement;
  } finally {
    world.log.close(entry);
  }
}

function judgeLogged(
  world: World,
  match: RouteMatch,
  request: FastifyRequest,
  query: Readonly<Record<string, string>>,
  entry: LogEntry,
): Judgement {
  const knobs = world.knobs();
  const now = entry.at;
  if (now < world.maintenanceUntil()) return { answer: htmlPage(503, 'Down for maintenance') };
  const fault = drawFault(world, entry);
  if (fault !== undefined) entry.fault = fault.kind;
  const key = knobs.keyRevoked ? undefined : findKey(world, request);
  const isCounted = (fault?.counted ?? true) && (key !== undefined || knobs.countUnauth);
  const { buckets, cost } = priceOf(match, query, knobs);
  const admission = isCounted ? world.limiter.admit(buckets, cost, now) : world.limiter.peek(now);
  Object.assign(entry, { bucket: admission.bucket, cost, counted: isCounted && admission.isAdmitted });
  if (fault !== undefined && !isAfterEffect(fault.kind))
    return { ...faultAnswer(fault, admission, knobs), fault };
  const answer = admission.isAdmitted
    ? answerCall(world, { request, match, query, key, entry })
    : tooMany(admission, knobs);
  if (answer.userId !== undefined) entry.userId = answer.userId;
  if (answer.recordId !== undefined) entry.recordId = answer.recordId;
  if (answer.isChanged !== undefined) entry.isChanged = answer.isChanged;
  if (fault === undefined) return { answer, admission };
  const replaced = faultAnswer(fault, admission, knobs);
  return fault.kind === '504-after' || fault.kind === '500-after'
    ? { ...replaced, fault }
    : { answer, admission, fault };
}

function drawFault(world: World, entry: LogEntry): Fault | undefined {
  const armed = world.faults.draw(entry);
  const { fault: kind } = world.knobs();
  if (armed !== undefined || kind === 'none') return armed;
  return { kind, ms: HANG_MAX_MS, counted: true };
}

function faultAnswer(fault: Fault, admission: Admission, knobs: Knobs): Judgement {
  const edge = EDGE_ANSWERS[fault.kind];
  if (edge !== undefined) return { answer: edge };
  if (fault.kind !== '429') {
    return {
      answer: { status: 500, json: { message: 'We are sorry, but something went wrong.' } },
      admission,
    };
  }
  const seconds = fault.retryAfterSeconds ?? admission.retryAfterSeconds;
  return {
    answer: tooMany({ ...admission, retryAfterSeconds: seconds }, knobs),
    admission: { ...admission, remaining: 0 },
  };
}

/** The status that the client gets to see; 0 for none. */
function deliveredStatus({ answer, fault }: Judgement): number {
  const isSilent = fault !== undefined && /^(?:reset|hang)-/.test(fault.kind);
  return isSilent ? 0 : answer.status;
}

function tooMany(admission: Admission, knobs: Knobs): Answer {
  const seconds = { exact: admission.retryAfterSeconds, missing: undefined, zero: 0, large: 1521 }[
    knobs.retryAfter
  ];
  const text = 'You have exceeded the limit of requests per minute';
  const bodies: Record<Knobs['rate429Body'], Answer> = {
    message: { status: 429, json: { message: text } },
    flat_code: { status: 429, json: { code: 'rate_limit_exceeded', message: text } },
    html: htmlPage(429, 'Too Many Requests'),
    empty: { status: 429 },
  };
  return {
    ...bodies[knobs.rate429Body],
    headers: seconds === undefined ? {} : { 'retry-after': String(seconds) },
  };
}

/** Of a parameter that is given twice the last counts. */
function readQuery(request: FastifyRequest): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.query as Record<string, string | string[]>)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) query[name] = last;
  }
  return query;
}
