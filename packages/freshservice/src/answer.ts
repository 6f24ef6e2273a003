/** Reads how one exchange ended: a value, or the error that says what happened. Pure. */
import type { Call, Success } from './call.ts';
import { classifyAnswer, classifySilence } from './classify.ts';
import { parseJson, readRefusal } from './error-body.ts';
import { FreshserviceError } from './error.ts';
import { hasNextLink, readRequestId, readRetryAfterMs } from './headers.ts';
import type { Answer, Silence } from './send.ts';

const GAVE_UP: ReadonlySet<string> = new Set(['DEADLINE', 'ABORTED']);

/** `now` (epoch ms) is what a `Retry-After` date is measured against. Total. */
export function readEnding<T>(
  call: Call<T>,
  ending: Answer | Silence,
  now: number,
): Success<T> | FreshserviceError {
  if (ending.status === undefined) return readSilence(call, ending);
  const { status, body, fault, headers } = ending;
  if (status < 200 || status > 299) return readRefusedAnswer(call, ending, now);

  const json = parseJson(body);
  // JSON of another shape, or something that is no JSON: never taken for an empty answer.
  const isText = fault === undefined && (json !== undefined || body?.trim() === '');
  const parsed = isText ? call.answer.safeParse(json) : undefined;
  if (parsed?.success === true) return { value: parsed.data, hasNextLink: hasNextLink(headers) };
  return unreadable(call, ending, isText ? 'UNEXPECTED_SHAPE' : (fault ?? 'NO_JSON'));
}

function readSilence(call: Call<unknown>, { fault, written }: Silence): FreshserviceError {
  const verdict = classifySilence({ written, gaveUp: GAVE_UP.has(fault), isWrite: isWrite(call) });
  return new FreshserviceError({ ...verdict, ...whereOf(call), code: fault });
}

function readRefusedAnswer(call: Call<unknown>, answer: Answer, now: number): FreshserviceError {
  const { status, headers, body, fault } = answer;
  const refusal = readRefusal(body, call.body);
  return new FreshserviceError({
    ...classifyAnswer({ status, refusal, isWrite: isWrite(call), namesOneRecord: call.namesOneRecord }),
    ...whereOf(call),
    status,
    requestId: readRequestId(headers),
    code: refusal.code ?? fault,
    fields: refusal.fields,
    retryAfterMs: readRetryAfterMs(headers, now),
  });
}

/** A 2xx without a usable body. When it was our deadline that cut the body, that is what is said. */
function unreadable(call: Call<unknown>, answer: Answer, code: string): FreshserviceError {
  const verdict = GAVE_UP.has(code)
    ? classifySilence({ written: true, gaveUp: true, isWrite: isWrite(call) })
    : classifyAnswer({
        status: answer.status,
        refusal: { code: undefined, fields: [] },
        isWrite: isWrite(call),
        namesOneRecord: call.namesOneRecord,
      });
  return new FreshserviceError({
    ...verdict,
    ...whereOf(call),
    status: answer.status,
    requestId: readRequestId(answer.headers),
    code,
  });
}

function isWrite(call: Call<unknown>): boolean {
  return call.method !== 'GET';
}

function whereOf({ method, route }: Call<unknown>): { method: string; route: string } {
  return { method, route };
}
